namespace Caretta.Aggregator.Ingress;

/// <summary>
/// At most one batch in flight per shard of a stream, one message of questions unanswered, and no batch to a shard before it said what it holds. Begun by the reader of the stream,
/// ended by its actor. When a shard is opened again, what is on its way from before counts for nothing: the agent sends it again.
/// </summary>
internal sealed class InFlight(int shardCount)
{
    private readonly Place[] _shards = new Place[shardCount];
    private int _questions = 1;
    private int _unloads;

    public BatchTurn TryBegin(int shard, uint opening, ulong batchId)
    {
        lock (_shards)
        {
            ref var place = ref _shards[shard];
            if (place.IsOpen && opening < place.Opening)
            {
                return BatchTurn.Superseded;
            }

            if (!place.IsOpen || opening > place.Opening || place.Batch != 0)
            {
                return BatchTurn.OutOfTurn;
            }

            place.Batch = batchId;
            return BatchTurn.Begun;
        }
    }

    /// <summary>To be called before the agent is told.</summary>
    public void Open(int shard, uint opening)
    {
        lock (_shards)
        {
            _shards[shard] = new Place { IsOpen = true, Opening = opening };
        }
    }

    /// <summary>To be called before the agent is told.</summary>
    /// <returns>Whether that batch was in flight; no other one is ended by it.</returns>
    public bool End(int shard, ulong batchId)
    {
        lock (_shards)
        {
            ref var place = ref _shards[shard];
            if (place.Batch != batchId)
            {
                return false;
            }

            place.Batch = 0;
            return true;
        }
    }

    /// <returns>False: the ones before are unanswered, or the agent has not been welcomed.</returns>
    public bool TryBeginQuestions() => Interlocked.Exchange(ref _questions, 1) == 0;

    /// <summary>To be called before the agent is told.</summary>
    public void EndQuestions() => Volatile.Write(ref _questions, 0);

    /// <summary>To be called before the agent is asked to unload.</summary>
    public void BeginUnload()
    {
        lock (_shards)
        {
            _unloads++;
        }
    }

    /// <returns>False: it was not asked.</returns>
    public bool TryEndUnload()
    {
        lock (_shards)
        {
            if (_unloads == 0)
            {
                return false;
            }

            _unloads--;
            return true;
        }
    }

    private struct Place
    {
        public bool IsOpen;
        public uint Opening;
        public ulong Batch;
    }
}
