using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>Reads from the claims to one subject who had it when.</summary>
internal sealed class TimelineReader(TimeSpan retention, History history)
{
    /// <summary>The latest ones are told.</summary>
    public const int MaxEntries = 16;

    private readonly List<TimeSpan> _turns = [];

    /// <param name="first">Null if nobody claims it.</param>
    /// <param name="from">What was before is not asked for.</param>
    public Timeline Read(Claim? first, TimeSpan from, TimeSpan now)
    {
        var start = history.StartAt(now);
        if (first is { Rival: null, IsOpen: true, Holder: { Past: null } holder } && first.Since <= from && holder.RankAt(now) == holder.RankAt(from))
        {
            return new Timeline([Named(holder, from)]);
        }

        FindTurns(first, start, from, now);
        var entries = new List<TimelineEntry>(2);
        for (var i = _turns.Count - 1; i >= 0; i--)
        {
            var entry = At(first, _turns[i], start);
            if (entries.Count > 0 && IsSame(entries[^1], entry))
            {
                entries[^1] = entry;
            }
            else if (entries.Count == MaxEntries)
            {
                break;
            }
            else
            {
                entries.Add(entry);
            }
        }

        entries.Reverse();
        return new Timeline(entries);
    }

    private static bool IsSame(TimelineEntry one, TimelineEntry other) =>
        one.Knowledge == other.Knowledge && one.Workload == other.Workload && one.Workload?.Owner == other.Workload?.Owner;

    private static TimelineEntry Named(Holder holder, TimeSpan at) =>
        holder.NameAt(at) is { } name ? new TimelineEntry(at, Knowledge.Held, name) : new TimelineEntry(at, Knowledge.NotYet);

    private TimelineEntry At(Claim? first, TimeSpan time, TimeSpan start)
    {
        Claim? best = null;
        Claim? tombstone = null;
        for (var claim = first; claim is not null; claim = claim.Rival)
        {
            if (claim.CoversTime(time))
            {
                best = best is null || claim.IsBetterAt(time, best) ? claim : best;
            }
            else if (claim.Until <= time && time - claim.Until < retention)
            {
                tombstone = tombstone is null || claim.IsBetterTombstoneThan(tombstone) ? claim : tombstone;
            }
        }

        return (best ?? tombstone) is { } answers
            ? Named(answers.Holder, time)
            : new TimelineEntry(time, time >= start ? Knowledge.Nobody : Knowledge.NotInHistory);
    }

    /// <summary>All times at which the answer may change, in order.</summary>
    private void FindTurns(Claim? first, TimeSpan start, TimeSpan from, TimeSpan now)
    {
        _turns.Clear();
        for (var claim = first; claim is not null; claim = claim.Rival)
        {
            Turn(claim.Since, from, now);
            Turn(claim.Seen, from, now);
            if (!claim.IsOpen)
            {
                Turn(claim.Until, from, now);
                Turn(claim.Until + retention, from, now);
            }

            if (claim.Holder is PodEntry pod)
            {
                Turn(pod.FinishedAt, from, now);
            }

            for (var past = claim.Holder.Past; past is not null; past = past.Earlier)
            {
                Turn(past.Until, from, now);
            }
        }

        Turn(start, from, now);
        _turns.Add(from);
        _turns.Sort();
    }

    private void Turn(TimeSpan at, TimeSpan from, TimeSpan now)
    {
        if (at > from && at <= now)
        {
            _turns.Add(at);
        }
    }
}
