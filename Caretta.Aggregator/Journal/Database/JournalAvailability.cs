using System.Diagnostics.CodeAnalysis;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>Whether the journal's database answers. Read by /readyz.</summary>
internal sealed class JournalAvailability(AggregatorMetrics metrics, TimeProvider time)
{
    private volatile Interruption? _now;

    /// <summary>Null while it is available.</summary>
    public Interruption? Now => _now;

    public void Available()
    {
        metrics.JournalAvailable.Set(1);
        _now = null;
    }

    /// <returns>Whether it has just begun to be so.</returns>
    public bool Away(string cause)
    {
        var begins = _now is null;
        metrics.JournalAvailable.Set(0);
        if (begins)
        {
            metrics.JournalInterruptions.Inc();
        }

        _now = new Interruption(_now?.Since ?? time.GetUtcNow(), cause); // after the count: who is told of it finds it counted
        return begins;
    }

    [SuppressMessage("Design", "CA1034", Justification = "Only read through its owner.")]
    internal sealed record Interruption(DateTimeOffset Since, string Cause);
}
