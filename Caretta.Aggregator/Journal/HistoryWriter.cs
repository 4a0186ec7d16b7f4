namespace Caretta.Aggregator.Journal;

/// <summary>One event after the other, also while those before are still being written. If one of them fails, its ledger ends, and this with it.</summary>
/// <param name="from">What was recovered.</param>
internal sealed class HistoryWriter(ulong from)
{
    private ulong _last = from;

    public HistoryStep Next()
    {
        var step = new HistoryStep(_last, (ulong)Random.Shared.NextInt64(1, long.MaxValue));
        _last = step.After;
        return step;
    }
}
