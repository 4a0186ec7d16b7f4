using Caretta.Aggregator;
using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Shards;
using Caretta.Messages.Wire;
using Source = Caretta.Messages.Source;

namespace Caretta.Tests.Protocol;

/// <summary>
/// A stream with both of its ends at a member: the real rules, the real order of batches, the real dialogue with the shards. Without an actor,
/// so its reader and its mailbox go one step at a time, and its timers ring when somebody says so. One whose agent has gone may live on.
/// </summary>
internal sealed class StreamModel : IShardPort<ShardModel>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private static readonly AggregatorMetrics Metrics =
        new(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));

    private readonly Source _source;
    private readonly int _shardCount;
    private readonly List<ToShard> _network;
    private readonly InFlight _inFlight;
    private readonly ShardDialogue<ShardModel> _shards;
    private readonly Queue<AgentBatch> _mailbox = [];
    private ulong _lastBatch;

    public StreamModel(Source source, ulong epoch, int shardCount, List<ToShard> network)
    {
        (_source, _shardCount, _network) = (source, shardCount, network);
        _inFlight = new InFlight(shardCount);
        var settings = new StreamSettings(shardCount, AnswerWithin: TimeSpan.FromSeconds(30), "member", "test");
        _shards = new ShardDialogue<ShardModel>(source, epoch, Poll, settings, this, _inFlight, Metrics, new Random(1));
        _shards.Begin();
    }

    public Source Source => _source;

    public Queue<FromNode> FromAgent { get; } = [];

    public Queue<FromAggregator> ToAgent { get; } = [];

    /// <summary>Shards of which something is expected within a time.</summary>
    public SortedSet<int> Timers { get; } = [];

    public HashSet<ShardModel> Watched { get; } = [];

    /// <summary>So many batches wait for the actor.</summary>
    public int Mailbox => _mailbox.Count;

    public bool IsQuiet => FromAgent.Count == 0 && ToAgent.Count == 0 && _mailbox.Count == 0;

    /// <summary>The reader's next step.</summary>
    public void Read()
    {
        if (!FromAgent.TryDequeue(out var message))
        {
            return;
        }

        var batch = message.Batch;
        var contents = IngressRules.Check(batch, _lastBatch, _shardCount); // throws if an agent that keeps the rules is said not to
        _lastBatch = batch.Id;
        var turn = _inFlight.TryBegin((int)batch.Shard, batch.Opening, batch.Id);
        Assert.NotEqual(BatchTurn.OutOfTurn, turn);
        if (turn == BatchTurn.Begun)
        {
            _mailbox.Enqueue(new AgentBatch((int)batch.Shard, batch.Id, batch.Opening, batch.Watermark, contents));
        }
    }

    /// <summary>The actor's next step.</summary>
    public void Pass()
    {
        if (_mailbox.TryDequeue(out var batch))
        {
            _shards.Pass(batch);
        }
    }

    public void Answer(ShardHeld held, ShardModel ledger)
    {
        if (_shards.Answer(held, ledger) is { } answer)
        {
            ToAgent.Enqueue(answer);
        }
    }

    public void Ring(int shard)
    {
        Timers.Remove(shard);
        _shards.Repeat(shard);
    }

    /// <summary>It is told of the end of a ledger it watched.</summary>
    public void NoteEnd()
    {
        if (Watched.FirstOrDefault(ledger => ledger.Stopped) is { } ended)
        {
            Watched.Remove(ended);
            _shards.Stopped(ended);
        }
    }

    void IShardPort<ShardModel>.Send(int shard, ILedgerMessage message) => _network.Add(new ToShard(this, shard, message));

    void IShardPort<ShardModel>.Expect(int shard, TimeSpan within) => Timers.Add(shard);

    void IShardPort<ShardModel>.ExpectNothing(int shard) => Timers.Remove(shard);

    void IShardPort<ShardModel>.Watch(ShardModel ledger) => Watched.Add(ledger);

    void IShardPort<ShardModel>.Unwatch(ShardModel ledger) => Watched.Remove(ledger);
}

/// <summary>On its way to whoever has the shard when it arrives.</summary>
internal sealed record ToShard(StreamModel From, int Shard, ILedgerMessage Message);

internal sealed record ToStream(StreamModel To, ShardHeld Held, ShardModel From);
