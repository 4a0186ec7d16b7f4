using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Protocol;

/// <summary>
/// Hosts, streams, shards and their journals without actors: the product's own outboxes, dialogues, states and formats, and between them
/// everything that can go wrong. A step's two numbers say to whom it happens.
/// </summary>
internal sealed class ProtocolModel
{
    private const int Shards = 2;
    private const int Room = 2;
    private const int Rounds = 200;

    private static readonly NetworkLink[] Links = [.. Enumerable.Range(0, 7).Select(number => Traffic.Link(number))];

    private readonly AgentModel[] _agents;
    private readonly List<StreamModel> _streams = [];
    private readonly List<ToShard> _toShards = [];
    private readonly List<ToStream> _toStreams = [];
    private readonly HashSet<(Source Source, NetworkLink Link)> _noRoom = [];
    private readonly JournalModel[] _journals = [.. Enumerable.Range(0, Shards).Select(_ => new JournalModel())];
    private readonly ShardModel[] _owners;
    private readonly List<ShardModel>[] _zombies = [.. Enumerable.Range(0, Shards).Select(_ => new List<ShardModel>())];
    private readonly Dictionary<ulong, ulong> _exported = [];
    private readonly bool[] _mayFall = new bool[Shards];
    private byte _incarnations;
    private ulong _epochs;

    public ProtocolModel()
    {
        _agents = [.. Enumerable.Range(0, 3).Select(number => new AgentModel($"node-{number}", Shards, NewIncarnation, () => ++_epochs))];
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
            case ProtocolStep.Count or ProtocolStep.CountMore: agent.Poll([Links[b % Links.Length]], (ulong)b + 1); break;
            case ProtocolStep.CountAll: agent.Poll(Links, (ulong)b + 1); break;
            case ProtocolStep.Connect: Connect(agent); break;
            case ProtocolStep.Read or ProtocolStep.ReadMore: Pick(_streams, a)?.Read(); break;
            case ProtocolStep.Pass or ProtocolStep.PassMore: Pick(_streams, a)?.Pass(); break;
            case ProtocolStep.ToShard or ProtocolStep.ToShardMore: Arrive(Take(_toShards, b)); break;
            case ProtocolStep.ToShardTwice: Arrive(Pick(_toShards, b)); break;
            case ProtocolStep.ToShardHalf: Arrive(Take(_toShards, b), undecided: true); break;
            case ProtocolStep.ToShardLost: Take(_toShards, b); break;
            case ProtocolStep.ToZombie: ArriveAtZombie(a, b); break;
            case ProtocolStep.ToStream or ProtocolStep.ToStreamMore: Arrive(Take(_toStreams, b)); break;
            case ProtocolStep.ToStreamTwice: Arrive(Pick(_toStreams, b)); break;
            case ProtocolStep.ToStreamLost: Take(_toStreams, b); break;
            case ProtocolStep.Hear or ProtocolStep.HearMore: agent.Hear(); break;
            case ProtocolStep.Write or ProtocolStep.WriteMore: Owner(shard).Write(CommitFault.None); break;
            case ProtocolStep.Written: Owner(shard).Written(); break;
            case ProtocolStep.FailWrite: Owner(shard).Write(CommitFault.NotPersisted); break;
            case ProtocolStep.LoseWritesAnswer: Owner(shard).Write(CommitFault.AnswerLost); break;
            case ProtocolStep.WriteOfZombie: Pick(_zombies[shard], b)?.Write(CommitFault.None); break;
            case ProtocolStep.RingTimer: Ring(a, b); break;
            case ProtocolStep.NoteEnd: Pick(_streams, a)?.NoteEnd(); break;
            case ProtocolStep.BreakStream: agent.Disconnect(); break;
            case ProtocolStep.EndStream: End(Pick(_streams, a)); break;
            case ProtocolStep.RestartAgent: agent.Restart(); break;
            case ProtocolStep.KillLinks: Owner(shard).KillLinks(); break;
            case ProtocolStep.MoveShard: _zombies[shard].Add(Owner(shard)); _owners[shard] = Recover(shard, b); break;
            case ProtocolStep.KillShard: KillShard(shard, b); break;
            case ProtocolStep.KillZombie: Take(_zombies[shard], b)?.Stop(); break;
            case ProtocolStep.Expire: Owner(shard).Expire(Links[b % Links.Length]); break;
            case ProtocolStep.RetireAgent: Retire(agent); break;
            case ProtocolStep.RunSmoothly: RunSmoothly(rounds: b); break;
            case ProtocolStep.DumpDatabase: Dump(); break;
            case ProtocolStep.RestoreDatabase: Restore(underLiveOwners: false); break;
            case ProtocolStep.RestoreDatabaseUnderLiveOwners: Restore(underLiveOwners: true); break;
            case ProtocolStep.LoseLedger: agent.LoseLedger(); break;
            case ProtocolStep.BackUpLedger: agent.BackUpLedger(); break;
            case ProtocolStep.RollBackLedger: agent.RollBackLedger(); break;
            case ProtocolStep.CloneLedger when agent != _agents[b % _agents.Length]: agent.CloneFrom(_agents[b % _agents.Length]); break;
            default: break;
        }
    }

    /// <summary>
    /// Nothing goes wrong any more, until everybody has been heard. Only what a live system does of itself: messages arrive, timers ring,
    /// agents poll, and connect if they have no stream; members that were cut off are downed, which ends their ledgers.
    /// </summary>
    public void Settle()
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            _zombies[shard].ForEach(zombie => zombie.Stop());
            _zombies[shard].Clear();
        }

        Array.ForEach(_agents, agent => agent.Poll([], bytes: 0)); // what a ledger that was rolled back lacks is still in the kernel's table
        var rest = 0;
        for (var round = 0; rest < 2; round++)
        {
            Assert.True(round < Rounds, "It never comes to rest.");
            rest = RunSmoothly(rounds: 1) && Array.TrueForAll(_agents, agent => agent.IsDone) ? rest + 1 : 0;
        }

        if (!_mayFall.Contains(true)) // else a ledger may hold what its journal, put back, does not
        {
            Array.ForEach(_agents, agent => agent.Settled());
        }
    }

    /// <summary>All members die, and others have only the journals.</summary>
    public void KillAll()
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            KillShard(shard, snapshotAt: 0);
        }

        _streams.ToList().ForEach(End);
        Array.ForEach(_agents, agent => agent.Disconnect());
    }

    public void AssertNothingIsCountedTwiceAndNothingFalls()
    {
        Assert.True(Held <= Truth, $"{Held} of {Truth} bytes are held.");
        Assert.All(_owners, owner => Assert.Equal(owner.State.Links.Sum(link => (long)link.Held.Count), owner.State.Totals));
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
            var recovered = new ShardModel(shard, Shards, Room, _journals[shard], _toStreams, [], snapshotAt: 0);
            Assert.Equal(recovered.State.Unexpired.Order(), recovered.Exported.Select(link => link.Link.Id).Order());
        }
    }

    /// <summary>What is exported and what was counted as lost cover the truth; all of it, where nothing was lost.</summary>
    public void AssertTheTruthIsHeldOrItsLossWasCounted()
    {
        if (Array.Exists(_agents, agent => agent.MayBeLost is null))
        {
            return; // a cloned disk: that nothing is counted twice is all there is to say
        }

        var lost = (ulong)_agents.Sum(agent => (long)(agent.MayBeLost!.Value + agent.LeftOut(_noRoom)));
        Assert.True(Held + lost >= Truth, $"{Held} bytes are held and {lost} counted as lost, of {Truth}.");
        foreach (var agent in _agents)
        {
            var held = (ulong)_owners.SelectMany(owner => owner.State.Links).SelectMany(link => link.Held)
                .Where(held => held.Key.Source == agent.Source).Sum(held => (long)held.Value.SentBytes);
            var since = (ulong)agent.Truth.Values.Sum(bytes => (long)bytes) - agent.Adopted;
            Assert.True(held <= since && held + agent.LeftOut(_noRoom) >= since, $"{held} of {since} bytes are held of {agent.Source}.");
        }
    }

    /// <summary>Whatever is on its way arrives, in its order; time passes once nothing is.</summary>
    /// <returns>Whether there was nothing to do but to wait.</returns>
    private bool RunSmoothly(int rounds)
    {
        var quiet = false;
        for (; rounds > 0; rounds--)
        {
            quiet = IsQuiet;
            foreach (var stream in quiet ? _streams : [])
            {
                stream.Timers.ToList().ForEach(stream.Ring);
            }

            // Streams whose agents have gone are found out.
            _streams.Where(stream => !Array.Exists(_agents, agent => agent.Stream == stream)).ToList().ForEach(End);
            foreach (var agent in _agents.Where(agent => agent.Stream is null))
            {
                Connect(agent);
            }

            foreach (var stream in _streams.ToList())
            {
                Exhaust(() => stream.FromAgent.Count, stream.Read);
                Exhaust(() => stream.Mailbox, stream.Pass);
                Exhaust(() => stream.Watched.Count(ledger => ledger.Stopped), stream.NoteEnd);
            }

            Exhaust(() => _toShards.Count, () => Arrive(Take(_toShards, 0)));
            for (var shard = 0; shard < Shards; shard++)
            {
                Owner(shard).DecideSlow();
                Owner(shard).Write(CommitFault.None);
                Owner(shard).Written();
            }

            Exhaust(() => _toStreams.Count, () => Arrive(Take(_toStreams, 0)));
            foreach (var agent in _agents)
            {
                Exhaust(() => agent.Stream?.ToAgent.Count ?? 0, agent.Hear);
            }
        }

        return quiet;
    }

    private bool IsQuiet =>
        _toShards.Count == 0 && _toStreams.Count == 0
        && _streams.TrueForAll(stream => stream.IsQuiet && !stream.Watched.Any(ledger => ledger.Stopped))
        && Array.TrueForAll(_owners, owner => owner.IsIdle);

    private static void Exhaust(Func<int> left, Action next)
    {
        for (var count = left(); count > 0; count--)
        {
            next();
        }
    }

    private void Connect(AgentModel agent)
    {
        var stream = new StreamModel(agent.Source, agent.Epoch, Shards, _toShards);
        _streams.Add(stream);
        agent.Connect(stream);
    }

    private void End(StreamModel? stream)
    {
        if (stream is null)
        {
            return;
        }

        _streams.Remove(stream);
        Array.ForEach(_agents, agent => agent.LoseStream(stream));
    }

    private void Arrive(ToShard? message, bool undecided = false)
    {
        if (message is not null)
        {
            Owner(message.Shard).Receive(message.From, message.Message, undecided);
        }
    }

    private void ArriveAtZombie(int a, int b)
    {
        if (Pick(_toShards, b) is { } message && Pick(_zombies[message.Shard], a) is { Stopped: false } zombie)
        {
            _toShards.Remove(message);
            zombie.Receive(message.From, message.Message, undecided: false);
        }
    }

    private void Arrive(ToStream? message)
    {
        if (message is not null && _streams.Contains(message.To))
        {
            message.To.Answer(message.Held, message.From);
        }
    }

    private void Ring(int a, int b)
    {
        if (Pick(_streams, a) is { Timers.Count: > 0 } stream)
        {
            stream.Ring(Pick([.. stream.Timers], b));
        }
    }

    private void KillShard(int shard, int snapshotAt)
    {
        _owners[shard].Stop();
        _owners[shard] = Recover(shard, snapshotAt);
    }

    /// <summary>All has been said, and then the host is away for long.</summary>
    private void Retire(AgentModel agent)
    {
        Settle();
        End(agent.Stream);
        for (var shard = 0; shard < Shards; shard++)
        {
            Owner(shard).Listen(
                ShardModel.RetireAfter * 1.1, source => _streams.Exists(stream => stream.Source == source));
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
        for (var shard = 0; shard < Shards && !underLiveOwners; shard++)
        {
            KillShard(shard, snapshotAt: 0);
        }
    }

    /// <summary>Who has stopped is started again by the next message, or the waker.</summary>
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

        return new ShardModel(shard, Shards, Room, _journals[shard], _toStreams, _noRoom, snapshotAt);
    }

    /// <summary>Made up, not drawn: a run is the same whenever it is repeated. A later one is not always the greater.</summary>
    private Guid NewIncarnation() => new([(byte)(_incarnations++ * 97), .. new byte[15]]);

    private static T? Pick<T>(IReadOnlyList<T> among, int number) => among.Count == 0 ? default : among[number % among.Count];

    private static T? Take<T>(List<T> from, int number)
        where T : class
    {
        var taken = Pick(from, number);
        if (taken is not null)
        {
            from.Remove(taken);
        }

        return taken;
    }
}
