namespace Caretta.Aggregator.Ingress;

/// <summary>How many streams this member serves: so many and no more, so that what each may hold stays bounded altogether.</summary>
internal sealed class LiveStreams(int most, AggregatorMetrics metrics)
{
    private int _count;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        metrics.Streams.Inc();
        return true;
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _count);
        metrics.Streams.Dec();
    }
}
