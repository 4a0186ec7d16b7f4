using Caretta.Aggregator;
using Caretta.Aggregator.Ingress;
using Prometheus;

namespace Caretta.Tests.Aggregator.Ingress;

public class LiveNodesSpecs
{
    private readonly AggregatorMetrics _metrics = new(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
    private readonly LiveNodes _nodes;

    public LiveNodesSpecs() => _nodes = new LiveNodes(_metrics);

    [Fact]
    public void A_name_is_taken_once()
    {
        Assert.True(_nodes.TryTake("node-a"));
        Assert.False(_nodes.TryTake("node-a"));
        Assert.True(_nodes.TryTake("node-b"));
        Assert.Equal(2, _metrics.Streams.Value);
    }

    [Fact]
    public void A_refused_stream_takes_nothing_from_the_one_that_lives()
    {
        _nodes.TryTake("node-a");
        _nodes.TryTake("node-a");
        Assert.False(_nodes.TryTake("node-a"));
        Assert.Equal(1, _metrics.Streams.Value);
    }

    [Fact]
    public void A_name_is_free_again_once_its_stream_has_ended()
    {
        _nodes.TryTake("node-a");
        _nodes.Release("node-a");
        Assert.Equal(0, _metrics.Streams.Value);
        Assert.True(_nodes.TryTake("node-a"));
    }

    [Fact]
    public void Names_differ_by_case()
    {
        Assert.True(_nodes.TryTake("node-a"));
        Assert.True(_nodes.TryTake("Node-A"));
    }

    [Fact]
    public void Of_many_streams_at_once_one_gets_the_name()
    {
        var taken = 0;
        Parallel.For(0, 1000, _ => Interlocked.Add(ref taken, _nodes.TryTake("node-a") ? 1 : 0));
        Assert.Equal(1, taken);
    }
}
