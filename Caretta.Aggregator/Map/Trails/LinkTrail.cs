using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Map.Trails;

/// <summary>What a member remembers of one of its links: the latest readings, for its rates, and an hour of one-minute steps.</summary>
internal sealed class LinkTrail(NetworkLink link, long bornSample, long bornMinute, in Reading first)
{
    private readonly long _bornMinute = bornMinute;
    private Readings _readings;
    private Reading _stepped = first;
    private float[]? _sent;
    private float[]? _received;
    private float[]? _failed;

    public LinkFact Fact { get; private set; } = new(link, LinkFact.EdgeIdOf(link), default, default, default, default);

    /// <summary>Of its birth: who has not seen it since does not know its names.</summary>
    public long BornSequence { get; init; }

    /// <summary>Of its last change.</summary>
    public long Sequence { get; set; }

    /// <summary>The last sample it was in.</summary>
    public long Sample { get; private set; }

    public bool HasSteps => _sent is not null;

    /// <param name="since">The sample from which its rates are taken.</param>
    /// <returns>Whether anybody can see a difference.</returns>
    public bool Read(LinkValues values, SampleTimes times, long since)
    {
        var reading = Reading.Of(values.Totals);
        _readings[Readings.SlotOf(times.Number)] = reading;
        Sample = times.Number;
        var from = Math.Max(since, bornSample);
        var rates = from == times.Number ? default : reading.Since(_readings[Readings.SlotOf(from)], times.Between(from, times.Number).TotalSeconds);
        var fact = Fact with { Figures = LinkFigures.Of(values.Totals), Rates = rates, Levels = values.Levels, Seen = values.Seen };
        if (fact == Fact)
        {
            return false;
        }

        Fact = fact;
        return true;
    }

    /// <summary>The minutes up to this one have ended, after so many seconds.</summary>
    /// <param name="mayGrow">Whether there is room for steps; a link without traffic needs none.</param>
    public void Step(long after, long minute, double seconds, bool mayGrow)
    {
        var now = _readings[Readings.SlotOf(Sample)];
        if (HasSteps || (mayGrow && (now.Sent, now.Received, now.Failed) != (_stepped.Sent, _stepped.Received, _stepped.Failed)))
        {
            _sent = Put(_sent ?? new float[History.Steps], after, minute, Reading.Rate(now.Sent, _stepped.Sent, seconds));
            _received = Put(_received ?? new float[History.Steps], after, minute, Reading.Rate(now.Received, _stepped.Received, seconds));
            if (_failed is not null || now.Failed > _stepped.Failed)
            {
                _failed = Put(_failed ?? new float[History.Steps], after, minute, Reading.Rate(now.Failed, _stepped.Failed, seconds));
            }
        }

        _stepped = now;
    }

    /// <param name="minute">The last that has ended.</param>
    public History LastHour(long minute)
    {
        var from = Math.Max(_bornMinute, minute - History.Steps + 1);
        var steps = (int)Math.Max(0, minute - from + 1);
        return new History(from, Take(_sent, from, steps), Take(_received, from, steps), Take(_failed, from, steps));
    }

    private static float[] Put(float[] ring, long after, long minute, float rate)
    {
        for (var at = Math.Max(after + 1, minute - History.Steps + 1); at <= minute; at++)
        {
            ring[at % History.Steps] = rate;
        }

        return ring;
    }

    private static float[] Take(float[]? ring, long from, int steps)
    {
        var taken = new float[steps];
        for (var step = 0; ring is not null && step < steps; step++)
        {
            taken[step] = ring[(from + step) % History.Steps];
        }

        return taken;
    }
}
