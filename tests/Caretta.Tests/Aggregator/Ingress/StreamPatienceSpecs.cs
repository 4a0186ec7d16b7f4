using Akka.TestKit.Xunit;
using Caretta.Aggregator;
using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Security;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Directory;
using Caretta.Tests.Aggregator.Fakes;
using Grpc.Core;

namespace Caretta.Tests.Aggregator.Ingress;

/// <summary>How long a stream waits for an agent that does not listen.</summary>
public sealed class StreamPatienceSpecs() : TestKit("akka { loglevel = OFF, stdout-loglevel = OFF, test.single-expect-default = 60s }")
{
    private static readonly StreamSettings Settings = new(ShardCount: 1, TimeSpan.FromHours(1), "member", "test");

    private readonly ManualTime _time = new();
    private readonly DirectoryUnderTest _directory = new();

    [Fact]
    public async Task What_is_left_to_say_to_an_agent_that_does_not_read_is_not_kept_for_ever()
    {
        using var cancel = new CancellationTokenSource();
        var running = RunAsync(new SilentAgent(), new DeafAgent(), cancel.Token);
        await cancel.CancelAsync(); // the aggregator stops: it says so, and the agent does not listen
        await _time.TimerWithin(TimeSpan.FromSeconds(10));
        Assert.False(running.IsCompleted);
        _time.Pass(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TimeoutException>(() => running);
    }

    private Task RunAsync(IAsyncStreamReader<FromNode> requests, IServerStreamWriter<FromAggregator> responses, CancellationToken stopping)
    {
        var metrics = new AggregatorMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        var hello = new AgentHello(Traffic.Source("node-a"), TimeSpan.FromSeconds(5), MayReopen: true);
        var (region, grants) = (CreateTestProbe("region").Ref, CreateTestProbe("grants").Ref);
        var stream = new AgentStream(hello, Settings, region, new Refusals(metrics), metrics, _directory.Directory, grants, NodeProof.NotAsked, _time);
        return stream.RunAsync(Sys, requests, responses, stopping);
    }

    private sealed class SilentAgent : IAsyncStreamReader<FromNode>
    {
        public FromNode Current => throw new InvalidOperationException("It has said nothing.");

        public Task<bool> MoveNext(CancellationToken cancellationToken) => new TaskCompletionSource<bool>().Task;
    }

    private sealed class DeafAgent : IServerStreamWriter<FromAggregator>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(FromAggregator message) => new TaskCompletionSource().Task;
    }
}
