using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Protocol;

/// <summary>
/// Hosts, streams, shards and their journals without actors: the product's own outboxes, states and formats, and between them everything
/// that can go wrong. A step's two numbers say to whom it happens.
/// </summary>
internal sealed class ProtocolModel
{
    private const int Shards = 2;
    private const int Room = 2;

    private static readonly NetworkLink[] Links = [.. Enumerable.Range(0, 7).Select(number => Traffic.Link(number))];

    private readonly AgentModel[] _agents;
    private readonly List<(AgentModel Agent, Stream Stream, HashSet<int> Unopened)> _streams = [];
    private readonly JournalModel[] _journals = [.. Enumerable.Range(0, Shards).Select(_ => new JournalModel())];
    private readonly ShardModel[] _owners;
    private readonly ShardModel?[] _zombies = new ShardModel?[Shards];
    private readonly Dictionary<ulong, ulong> _exported = [];
    private readonly bool[] _mayFall = new bool[Shards];
    private byte _incarnations;

    public ProtocolModel()
    {
        _agents = [.. Enumerable.Range(0, 3).Select(number => new AgentModel($"node-{number}", Shards, NewIncarnation))];
        _owners = [.. Enumerable.Range(0, Shards).Select(shard => Recover(shard, 0))];
    }

    private ulong Truth => (ulong)_agents.Sum(agent => agent.Truth.Values.Sum(bytes => (long)bytes));

    private ulong Held => (ulong)_owners.Sum(owner => owner.State.Links.Sum(link => (long)link.Sum.SentBytes));

    public void Do(ProtocolStep step, int a, int b)
    {
        var agent = _agents[a % _agents.Length];
        var shard = a % Shards;
        switch (step)
        {
            case ProtocolStep.Count or ProtocolStep.CountMore: agent.Count(Links[b % Links.Length], (ulong)b + 1); break;
            case ProtocolStep.Connect: Connect(agent); break;
            case ProtocolStep.Send or ProtocolStep.SendMore: Send(agent); break;
            case ProtocolStep.Open or ProtocolStep.OpenMore: Open(a, b); break;
            case ProtocolStep.Deliver or ProtocolStep.DeliverMore: Deliver(a, b); break;
            case ProtocolStep.DeliverTwice: Deliver(a, b, keep: true); break;
            case ProtocolStep.DeliverHalf: Deliver(a, b, undecided: true); break;
            case ProtocolStep.DeliverToZombie: Deliver(a, b, keep: true, toZombie: true); break;
            case ProtocolStep.LoseBatch: Pick(_streams, a)?.Stream.Batches.Clear(); break;
            case ProtocolStep.Commit or ProtocolStep.CommitMore: Owner(shard).Commit(CommitFault.None); break;
            case ProtocolStep.CommitOfZombie: _zombies[shard]?.Commit(CommitFault.None); break;
            case ProtocolStep.FailWrite: Owner(shard).Commit(CommitFault.NotPersisted); break;
            case ProtocolStep.LoseWritesAnswer: Owner(shard).Commit(CommitFault.AnswerLost); break;
            case ProtocolStep.Hear or ProtocolStep.HearMore: Hear(agent, b, keep: false); break;
            case ProtocolStep.HearTwice: Hear(agent, b, keep: true); break;
            case ProtocolStep.LoseAnswer: agent.Stream.Answers.Clear(); break;
            case ProtocolStep.BreakStream: agent.Disconnect(); break;
            case ProtocolStep.RestartAgent: agent.Restart(); break;
            case ProtocolStep.KillLinks: Owner(shard).KillLinks(); break;
            case ProtocolStep.MoveShard: (_zombies[shard], _owners[shard]) = (Owner(shard), Recover(shard, b)); break;
            case ProtocolStep.KillShard: _owners[shard] = Recover(shard, b); break;
            case ProtocolStep.Expire: Owner(shard).Expire(Links[b % Links.Length]); break;
            case ProtocolStep.RetireAgent: Retire(agent); break;
            case ProtocolStep.DumpDatabase: Dump(); break;
            case ProtocolStep.RestoreDatabase: Restore(underLiveOwners: false); break;
            case ProtocolStep.RestoreDatabaseUnderLiveOwners: Restore(underLiveOwners: true); break;
            case ProtocolStep.LoseLedger: agent.LoseLedger(); break;
            case ProtocolStep.BackUpLedger: agent.BackUpLedger(); break;
            case ProtocolStep.RollBackLedger: agent.RollBack(); break;
            case ProtocolStep.CloneLedger when agent != _agents[b % _agents.Length]: agent.CloneFrom(_agents[b % _agents.Length]); break;
            default: break;
        }
    }

    /// <summary>Nothing goes wrong any more, until everybody has been heard.</summary>
    public void Settle()
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            _owners[shard] = _mayFall[shard] ? Recover(shard, snapshotAt: 0) : _owners[shard]; // what it remembers the database has lost
        }

        Array.ForEach(_agents, agent => agent.Disconnect()); // streams to owners that have gone have ended by now
        for (var round = 0; _agents.Any(agent => !agent.Connected || agent.Outbox.Unacked > 0 || agent.Stream.Answers.Count > 0); round++)
        {
            Assert.True(round < 200, "It never comes to rest.");
            foreach (var agent in _agents)
            {
                if (!agent.Connected || round % 20 == 0) // a stream on which an answer was lost ends after a while
                {
                    Connect(agent);
                }

                var stream = _streams.Single(one => one.Stream == agent.Stream);
                foreach (var shard in stream.Unopened.ToList())
                {
                    Open(stream, shard);
                }

                HearAll(agent);
                Send(agent);
                while (agent.Stream.Batches.Count > 0)
                {
                    Take(agent.Stream, 0, keep: false, undecided: false, toZombie: false);
                }
            }

            for (var shard = 0; shard < Shards; shard++)
            {
                Owner(shard).Commit(CommitFault.None);
            }

            Array.ForEach(_agents, HearAll);
        }

        Array.ForEach(_agents, agent => agent.Settled());
    }

    public void AssertNothingIsCountedTwiceAndNothingFalls()
    {
        Assert.True(Held <= Truth, $"{Held} of {Truth} bytes are held.");
        foreach (var link in Links)
        {
            var truth = (ulong)_agents.Sum(agent => (long)agent.Truth.GetValueOrDefault(link));
            var held = _owners[LinkSharding.ShardOf(link, Shards)].State.Link(link.Id)?.Sum.SentBytes ?? 0;
            Assert.True(held <= truth, $"{held} of {truth} bytes are held of {link.Client.Name}.");
        }

        foreach (var link in _owners.Where(owner => !owner.Stopped).SelectMany(owner => owner.Exported))
        {
            var before = _exported.GetValueOrDefault(link.Link.Id);
            Assert.True(link.Sum.SentBytes >= before, $"{link.Link.Client.Name} fell from {before} to {link.Sum.SentBytes}.");
            _exported[link.Link.Id] = link.Sum.SentBytes;
        }
    }

    /// <summary>Before anybody has spoken.</summary>
    public void AssertEveryUnexpiredLinkIsExported()
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            var recovered = Recover(shard, snapshotAt: 0);
            Assert.Equal(recovered.State.Unexpired.Order(), recovered.Exported.Select(link => link.Link.Id).Order());
        }
    }

    public void AssertTheTruthIsHeld()
    {
        if (_agents.Any(agent => agent.Lossy))
        {
            Assert.True(Held <= Truth);
        }
        else
        {
            Assert.Equal(Truth, Held);
        }
    }

    private void Connect(AgentModel agent)
    {
        agent.Connect();
        _streams.Add((agent, agent.Stream, [.. Enumerable.Range(0, Shards)]));
    }

    private static void Send(AgentModel agent)
    {
        if (agent.Connected)
        {
            agent.Stream.Batches.AddRange(agent.Outbox.Next());
        }
    }

    private void Open(int a, int b)
    {
        if (Pick(_streams, a) is { } stream && stream.Unopened.Count > 0)
        {
            Open(stream, Pick([.. stream.Unopened.Order()], b));
        }
    }

    private void Open((AgentModel Agent, Stream Stream, HashSet<int> Unopened) stream, int shard)
    {
        stream.Unopened.Remove(shard);
        stream.Stream.Answers.Add(Owner(shard).Open(stream.Stream.Source));
    }

    private void Deliver(int a, int b, bool keep = false, bool undecided = false, bool toZombie = false)
    {
        if (Pick([.. _streams.Where(one => one.Stream.Batches.Count > 0)], a) is { } stream)
        {
            Take(stream.Stream, b % stream.Stream.Batches.Count, keep, undecided, toZombie);
        }
    }

    private void Take(Stream stream, int number, bool keep, bool undecided, bool toZombie)
    {
        var batch = stream.Batches[number];
        if (!keep)
        {
            stream.Batches.RemoveAt(number);
        }

        var taker = toZombie ? _zombies[batch.Shard] : Owner(batch.Shard);
        taker?.Take(stream.Source, batch, stream, undecided);
    }

    private static void Hear(AgentModel agent, int number, bool keep)
    {
        if (agent.Connected && agent.Stream.Answers.Count > 0)
        {
            var answer = agent.Stream.Answers[number % agent.Stream.Answers.Count];
            if (!keep)
            {
                agent.Stream.Answers.Remove(answer);
            }

            agent.Hear(answer);
        }
    }

    private static void HearAll(AgentModel agent)
    {
        while (agent.Connected && agent.Stream.Answers.Count > 0)
        {
            Hear(agent, 0, keep: false);
        }
    }

    /// <summary>All has been said, and then the host is away for long.</summary>
    private void Retire(AgentModel agent)
    {
        Settle();
        agent.Disconnect();
        for (var shard = 0; shard < Shards; shard++)
        {
            Owner(shard).Listen(
                ShardModel.RetireAfter * 1.1, source => _agents.Any(other => other.Connected && other.Source == source));
        }
    }

    private void Dump()
    {
        Array.ForEach(_journals, journal => journal.Dump());
        Array.ForEach(_agents, agent => agent.Dumped());
    }

    private void Restore(bool underLiveOwners)
    {
        Array.ForEach(_journals, journal => journal.Restore());
        Array.ForEach(_agents, agent => agent.Restored());
        Array.Fill(_mayFall, true);
        Array.Clear(_zombies);
        for (var shard = 0; shard < Shards && !underLiveOwners; shard++)
        {
            _owners[shard] = Recover(shard, snapshotAt: 0);
        }
    }

    /// <summary>Who has stopped is started again by the next message.</summary>
    private ShardModel Owner(int shard) => _owners[shard].Stopped ? _owners[shard] = Recover(shard, snapshotAt: 0) : _owners[shard];

    private ShardModel Recover(int shard, int snapshotAt)
    {
        if (_mayFall[shard])
        {
            _mayFall[shard] = false; // another history of the database, and other values from its first recovery on
            foreach (var link in _owners[shard].State.Links)
            {
                _exported.Remove(link.Link.Id);
            }
        }

        return new ShardModel(shard, Shards, Room, _journals[shard], snapshotAt);
    }

    /// <summary>Made up, not drawn: a run is the same whenever it is repeated. A later one is not always the greater.</summary>
    private Guid NewIncarnation() => new([(byte)(_incarnations++ * 97), .. new byte[15]]);

    private static T? Pick<T>(IReadOnlyList<T> among, int number) => among.Count == 0 ? default : among[number % among.Count];

    private static (AgentModel Agent, Stream Stream, HashSet<int> Unopened)? Pick(
        List<(AgentModel Agent, Stream Stream, HashSet<int> Unopened)> among, int number) =>
        among.Count == 0 ? null : among[number % among.Count];
}
