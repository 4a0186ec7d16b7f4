using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Map.Trails;

/// <summary>
/// The links that live on this member, as they were at the last sample, with their rates and the last hour. Every change has a number, so that
/// another member need only be told what changed since it last asked.
/// </summary>
/// <param name="maxSteps">Links with traffic for which steps are kept; further ones have rates and no history.</param>
internal sealed class OwnLinks(int maxSteps = OwnLinks.MaxSteps)
{
    /// <summary>At about 1.3 kB each with all else that is kept of a link; docs/performance.md.</summary>
    public const int MaxSteps = 100_000;

    /// <summary>Links that ended and are remembered for who knew them; who knew an older one is told everything anew.</summary>
    public const int MaxGone = 10_000;

    private readonly Dictionary<ulong, LinkTrail> _trails = [];
    private readonly SampleTimes _times = new();
    private readonly Queue<(long Sequence, ulong LinkId)> _gone = [];
    private long _forgotten;
    private LinkTrail[]? _bySequence;
    private long _minute;
    private TimeSpan _steppedAt;

    public int Count => _trails.Count;

    /// <summary>Links that have had traffic and have no history for want of room.</summary>
    public int WithoutHistory { get; private set; }

    public long Sequence { get; private set; }

    public IEnumerable<LinkFact> Facts => _trails.Values.Select(trail => trail.Fact);

    /// <param name="at">On a monotonic clock.</param>
    /// <param name="minute">Of Unix time, begun and not ended.</param>
    public void Sample(IReadOnlyCollection<(NetworkLink Link, LinkValues Values)> links, TimeSpan at, long minute)
    {
        _times.Add(at);
        _bySequence = null;
        var since = _times.Base();
        foreach (var (link, values) in links)
        {
            if (!_trails.TryGetValue(link.Id, out var trail))
            {
                trail = new LinkTrail(link, _times.Number, minute, Reading.Of(values.Totals)) { BornSequence = Sequence + 1 };
                _trails.Add(link.Id, trail);
            }

            if (trail.Read(values, _times, since))
            {
                trail.Sequence = ++Sequence;
            }
        }

        ForgetGone();
        StepWhenDue(at, minute);
    }

    /// <returns>
    /// What changed after that number, in the order of the numbers, or null: too much of it is forgotten, begin at 0. Of a link that ended only the id.
    /// </returns>
    public IEnumerable<LinkChange>? ChangesSince(long sequence) => sequence != 0 && sequence < _forgotten ? null : Changes(sequence);

    public History LastHour(ulong linkId) => _trails.TryGetValue(linkId, out var trail) ? trail.LastHour(_minute - 1) : History.None;

    private IEnumerable<LinkChange> Changes(long sequence)
    {
        var trails = _bySequence ??= [.. _trails.Values.OrderBy(trail => trail.Sequence)];
        using var gone = _gone.Where(link => sequence != 0 && link.Sequence > sequence).GetEnumerator();
        var hasGone = gone.MoveNext();
        for (var next = FirstAfter(trails, sequence); next < trails.Length || hasGone;)
        {
            if (hasGone && (next == trails.Length || gone.Current.Sequence < trails[next].Sequence))
            {
                yield return new LinkChange(gone.Current.Sequence, gone.Current.LinkId, null, 0);
                hasGone = gone.MoveNext();
            }
            else
            {
                var trail = trails[next++];
                yield return new LinkChange(trail.Sequence, trail.Fact.Link.Id, trail.Fact, trail.BornSequence);
            }
        }
    }

    private static int FirstAfter(LinkTrail[] trails, long sequence)
    {
        var (low, high) = (0, trails.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = trails[middle].Sequence > sequence ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private void ForgetGone()
    {
        foreach (var trail in _trails.Values.Where(trail => trail.Sample != _times.Number).ToList())
        {
            _trails.Remove(trail.Fact.Link.Id);
            _gone.Enqueue((++Sequence, trail.Fact.Link.Id));
            if (_gone.Count > MaxGone)
            {
                _forgotten = _gone.Dequeue().Sequence;
            }
        }
    }

    private void StepWhenDue(TimeSpan at, long minute)
    {
        if (minute <= _minute)
        {
            return; // in the same minute, or the clock was put back: then until it is past that again
        }

        if (_minute != 0)
        {
            var room = maxSteps - _trails.Values.Count(trail => trail.HasSteps);
            foreach (var trail in _trails.Values)
            {
                var had = trail.HasSteps;
                trail.Step(_minute - 1, minute - 1, (at - _steppedAt).TotalSeconds, room > 0);
                room -= trail.HasSteps && !had ? 1 : 0;
            }

            WithoutHistory = room > 0 ? 0 : _trails.Values.Count(trail => !trail.HasSteps && trail.Fact.Figures.Progress > 0);
        }

        (_minute, _steppedAt) = (minute, at);
    }
}
