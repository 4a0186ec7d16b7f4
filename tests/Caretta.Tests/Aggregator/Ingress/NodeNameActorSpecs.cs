using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Ingress;

public sealed class NodeNameActorSpecs : TestKit
{
    private readonly Source _agent = Traffic.Source("node-a");
    private readonly TestProbe _shard;
    private readonly IActorRef _name;

    public NodeNameActorSpecs()
        : base("akka.test.single-expect-default = 60s")
    {
        _shard = CreateTestProbe("shard");
        _name = _shard.ChildActorOf(Props.Create(() => new NodeNameActor("node-a", TimeProvider.System)));
    }

    [Fact]
    public async Task The_stream_that_lost_the_name_is_told()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        _name.Tell(new ClaimNode(_agent, TimeSpan.FromSeconds(9)), first);
        Assert.Equal(new NodeAnswer("node-a", NodeVerdict.Granted), await first.ExpectMsgAsync<NodeAnswer>());
        _name.Tell(new ClaimNode(_agent, TimeSpan.Zero), second);
        Assert.Equal(new NodeAnswer("node-a", NodeVerdict.Granted), await second.ExpectMsgAsync<NodeAnswer>());
        Assert.Equal(new NodeAnswer("node-a", NodeVerdict.TakenOver), await first.ExpectMsgAsync<NodeAnswer>());
    }

    [Fact]
    public async Task It_leaves_its_shard_at_once_and_whoever_watches_it_knows()
    {
        Watch(_name);
        _name.Tell(new LeaveShard());
        await ExpectTerminatedAsync(_name);
    }

    [Fact]
    public async Task A_name_is_kept_no_longer_than_its_stream()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        _name.Tell(new ClaimNode(_agent, TimeSpan.Zero), first);
        await first.ExpectMsgAsync<NodeAnswer>();
        _name.Tell(new ClaimNode(Traffic.Source("node-a"), TimeSpan.Zero), second);
        Assert.Equal(NodeVerdict.InUse, (await second.ExpectMsgAsync<NodeAnswer>()).Verdict);

        Sys.Stop(first);
        await _shard.ExpectMsgAsync<Passivate>();
        _name.Tell(new ClaimNode(Traffic.Source("node-a"), TimeSpan.Zero), second);
        Assert.Equal(NodeVerdict.Granted, (await second.ExpectMsgAsync<NodeAnswer>()).Verdict);
    }
}
