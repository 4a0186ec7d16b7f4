namespace Caretta.SimulatedAgents;

/// <summary>From sending a batch to its acknowledgement, over all agents: counts by powers of 1.1, so quantiles are right to a tenth.</summary>
public sealed class AckTimes
{
    private const double Base = 1.1;

    private readonly long[] _counts = new long[200];

    public void Add(TimeSpan time)
    {
        var bucket = (int)Math.Ceiling(Math.Log(Math.Max(1, time.TotalMilliseconds), Base));
        Interlocked.Increment(ref _counts[Math.Min(bucket, _counts.Length - 1)]);
    }

    /// <returns>0 if there was none.</returns>
    public double QuantileSeconds(double quantile)
    {
        var counts = _counts.Select((_, i) => Volatile.Read(ref _counts[i])).ToArray();
        var left = quantile * counts.Sum();
        for (var bucket = 0; bucket < counts.Length && counts.Sum() > 0; bucket++)
        {
            left -= counts[bucket];
            if (left <= 0)
            {
                return Math.Pow(Base, bucket) / 1000;
            }
        }

        return 0;
    }
}
