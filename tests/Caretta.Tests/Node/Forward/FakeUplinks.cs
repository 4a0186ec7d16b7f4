using System.Collections.Concurrent;
using System.Net;
using Akka.Actor;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Node.Forward;
using DirectoryState = Caretta.Messages.DirectoryState;

namespace Caretta.Tests.Node.Forward;

/// <summary>An aggregator that says what a spec tells it to, when it tells it to, through streams that break on demand.</summary>
internal sealed class FakeUplinks(IActorRef observer)
{
    private readonly ConcurrentDictionary<int, IActorRef> _owners = [];
    private int _latest;

    public static MemberAddress Member { get; } = new(new Uri("http://127.0.0.1:1"), IPAddress.Loopback);

    /// <summary>What the names of the aggregators stand for.</summary>
    public IReadOnlyList<MemberAddress> Members { get; set; } = [Member];

    /// <summary>In the order of the streams.</summary>
    public ConcurrentQueue<MemberAddress> Dialled { get; } = [];

    public Task<IReadOnlyList<MemberAddress>> Find() =>
        Members.Count > 0 ? Task.FromResult(Members) : Task.FromException<IReadOnlyList<MemberAddress>>(new IOException("no such host"));

    /// <summary>Each opened stream shows itself to the observer as its number, each message sent as the message.</summary>
    public IUplink Open(int stream, MemberAddress member, IActorRef owner)
    {
        Dialled.Enqueue(member);
        _latest = stream;
        _owners[stream] = owner;
        observer.Tell(stream);
        return new Uplink(observer);
    }

    public void Say(FromAggregator message, int? stream = null) => Owner(stream).Tell(new StreamReceived(stream ?? _latest, message));

    public void Welcome(uint shards = 1, uint protocol = 0)
    {
        Say(new FromAggregator { Welcome = new Welcome { ShardCount = shards, Member = "fake", Protocol = protocol } });
        for (var shard = 0U; shard < shards; shard++)
        {
            Held(shard, 0, 0);
        }
    }

    public void Held(uint shard, ulong sequence, ulong batchId, int? stream = null, uint opening = 0) =>
        Say(new FromAggregator { Held = new Held { Shard = shard, Sequence = sequence, BatchId = batchId, Opening = opening } }, stream);

    public void Tell(DirectoryState state) => Say(new FromAggregator { Directory = state.ToWire() });

    public void Tell(NameAnswers answers, TimeSpan now) => Say(new FromAggregator { Names = answers.ToWire(now) });

    public void Break(string cause = "cut") => Owner(null).Tell(new StreamBroken(_latest, cause));

    private IActorRef Owner(int? stream) => _owners[stream ?? _latest];

    private sealed class Uplink(IActorRef observer) : IUplink
    {
        public void Send(FromNode message) => observer.Tell(message);

        public void Dispose()
        {
        }
    }
}
