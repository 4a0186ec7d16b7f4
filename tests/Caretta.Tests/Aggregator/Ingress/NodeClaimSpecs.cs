using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Ingress;

public class NodeClaimSpecs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly NodeClaim<string> _claim = new();
    private readonly Source _agent = Traffic.Source("node-a");

    [Fact]
    public void A_name_is_granted_once_and_again_to_its_holder()
    {
        Assert.Equal((NodeVerdict.Granted, null), _claim.Claim("first", _agent, TimeSpan.Zero, now: Second));
        Assert.Equal((NodeVerdict.Granted, null), _claim.Claim("first", _agent, Second, now: Second * 2));
    }

    [Fact]
    public void Another_agent_of_that_name_is_refused_while_the_stream_lives()
    {
        _claim.Claim("first", _agent, TimeSpan.Zero, now: Second);
        Assert.Equal((NodeVerdict.InUse, null), _claim.Claim("second", Traffic.Source("node-a"), TimeSpan.Zero, now: Second * 9));
        Assert.True(_claim.Ended("first"));
        Assert.Equal((NodeVerdict.Granted, null), _claim.Claim("second", Traffic.Source("node-a"), TimeSpan.Zero, now: Second * 9));
    }

    [Fact]
    public void An_agent_that_comes_anew_takes_over_from_what_is_left_of_its_stream_before()
    {
        _claim.Claim("half open", _agent, TimeSpan.Zero, now: Second);
        Assert.Equal((NodeVerdict.Granted, "half open"), _claim.Claim("new", _agent, TimeSpan.Zero, now: Second * 9));
        Assert.False(_claim.Ended("half open"));
        Assert.Equal("new", _claim.Holder);
    }

    [Fact]
    public void Of_two_streams_that_claim_again_the_younger_one_lives_on_whichever_is_heard_first()
    {
        Assert.Equal((NodeVerdict.Granted, null), _claim.Claim("old", _agent, age: Second * 100, now: Second));
        Assert.Equal((NodeVerdict.Granted, "old"), _claim.Claim("new", _agent, age: Second * 10, now: Second));

        var other = new NodeClaim<string>();
        other.Claim("new", _agent, age: Second * 10, now: Second);
        Assert.Equal((NodeVerdict.TakenOver, null), other.Claim("old", _agent, age: Second * 100, now: Second));
        Assert.Equal("new", other.Holder);
    }

    [Fact]
    public void A_stream_that_never_had_the_name_frees_nothing()
    {
        _claim.Claim("first", _agent, TimeSpan.Zero, now: Second);
        Assert.False(_claim.Ended("second"));
        Assert.Equal("first", _claim.Holder);
    }
}
