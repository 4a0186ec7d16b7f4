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

    [Fact]
    public async Task An_agent_that_has_its_last_word_ends_the_call_itself_and_is_waited_for_a_while()
    {
        using var cancel = new CancellationTokenSource();
        var (agent, words) = (new SilentAgent(), new ListeningAgent());
        var running = RunAsync(agent, words, cancel.Token);
        await cancel.CancelAsync();
        Assert.Equal(RefusalKind.RefusalUnavailable, (await words.LastWord).Refused.Kind);
        await _time.TimerWithin(TimeSpan.FromSeconds(2));
        Assert.False(running.IsCompleted);
        agent.HangUp();
        await running;
    }

    [Fact]
    public async Task An_agent_that_does_not_end_the_call_is_not_waited_for_for_ever()
    {
        using var cancel = new CancellationTokenSource();
        var running = RunAsync(new SilentAgent(), new ListeningAgent(), cancel.Token);
        await cancel.CancelAsync();
        await _time.TimerWithin(TimeSpan.FromSeconds(2));
        _time.Pass(TimeSpan.FromSeconds(2));
        await running;
    }

    private Task RunAsync(IAsyncStreamReader<FromNode> requests, IServerStreamWriter<FromAggregator> responses, CancellationToken stopping)
    {
        var metrics = new AggregatorMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        var hello = new AgentHello(Traffic.Source("node-a"), TimeSpan.FromSeconds(5), MayReopen: true);
        var (region, grants) = (CreateTestProbe("region").Ref, CreateTestProbe("grants").Ref);
        var stream = new AgentStream(hello, Settings, region, new Refusals(metrics), metrics, _directory.Directory, grants, Akka.Actor.ActorRefs.Nobody, NodeProof.NotAsked, _time);
        return stream.RunAsync(Sys, requests, responses, stopping);
    }

    private sealed class SilentAgent : IAsyncStreamReader<FromNode>
    {
        public FromNode Current => throw new InvalidOperationException("It has said nothing.");

        private readonly TaskCompletionSource<bool> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> MoveNext(CancellationToken cancellationToken) => _next.Task;

        public void HangUp() => _next.SetResult(false);
    }

    private sealed class ListeningAgent : IServerStreamWriter<FromAggregator>
    {
        private readonly TaskCompletionSource<FromAggregator> _word = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<FromAggregator> LastWord => _word.Task;

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(FromAggregator message)
        {
            _word.TrySetResult(message);
            return Task.CompletedTask;
        }
    }

    private sealed class DeafAgent : IServerStreamWriter<FromAggregator>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(FromAggregator message) => new TaskCompletionSource().Task;
    }
}
