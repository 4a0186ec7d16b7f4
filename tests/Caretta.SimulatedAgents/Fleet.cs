using Akka.Actor;
using Akka.Configuration;
using Caretta.Messages;
using Caretta.Node.Forward;
using Prometheus;

namespace Caretta.SimulatedAgents;

/// <summary>Many agents in one process, each with its own real stream, outbox and forwarder.</summary>
public sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(1);

    private readonly ActorSystem _system;
    private readonly IReadOnlyList<(IActorRef Actor, ForwarderMetrics Metrics)> _agents;
    private readonly AckTimes _times = new();
    private readonly AckTimes _delays = new();

    private Fleet(FleetOptions options)
    {
        _system = ActorSystem.Create("simulated", ConfigurationFactory.ParseString(
            "akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }"));
        var forwarding = new ForwarderOptions(EndpointList.Parse(options.Aggregator), options.PollInterval, "simulated")
        {
            MaxReportsPerBatch = options.MaxReportsPerBatch,
        };
        _agents = [.. Enumerable.Range(0, options.Agents).Select(agent => Start(options, forwarding, agent))];
    }

    /// <summary>So far; cheap.</summary>
    public long BatchesAcked => Total(metrics => metrics.BatchesAcked.Value);

    /// <summary>So far; cheap.</summary>
    public long ReportsSent => Total(metrics => metrics.ReportsSent.Value);

    /// <summary>Links whose latest totals nobody has acknowledged.</summary>
    public long Unacked => Total(metrics => metrics.UnackedLinks.Value);

    /// <exception cref="FormatException">The aggregators' addresses are none.</exception>
    public static Fleet Start(FleetOptions options) => new(options);

    public void StopPolling() => Tell(new StopPolling());

    /// <summary>Until nothing changes any more and all of it is acknowledged.</summary>
    public async Task<FleetTruth> SettledAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (truth, done) = await LookAsync(cancel);
            if (done && truth.Unacked == 0)
            {
                return truth;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
        }
    }

    /// <summary>As it is now.</summary>
    public async Task<FleetTruth> TruthAsync(CancellationToken cancel) => (await LookAsync(cancel)).Truth;

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _system.Dispose();
    }

    private (IActorRef Actor, ForwarderMetrics Metrics) Start(FleetOptions options, ForwarderOptions forwarding, int agent)
    {
        var metrics = new ForwarderMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        var (times, delays) = (_times, _delays);
        return (_system.ActorOf(Props.Create(() => new SimulatedAgentActor(options, agent, forwarding, metrics, times, delays))), metrics);
    }

    private void Tell(object message)
    {
        foreach (var (agent, _) in _agents)
        {
            agent.Tell(message);
        }
    }

    private async Task<(FleetTruth Truth, bool Done)> LookAsync(CancellationToken cancel)
    {
        var truths = await Task.WhenAll(_agents.Select(agent => agent.Actor.Ask<AgentTruth>(new TellTruth(), AnswerWithin, cancel)));
        var totals = new Dictionary<ulong, LinkTotals>();
        foreach (var (link, more) in truths.SelectMany(truth => truth.Links))
        {
            totals[link] = totals.GetValueOrDefault(link) + more;
        }

        var links = totals.ToDictionary(
            pair => $"{pair.Key}", pair => new LinkTruth(pair.Value.SentBytes, pair.Value.ReceivedBytes, pair.Value.Opened, pair.Value.Closed));
        return (Sum(links, truths), truths.All(truth => truth.IsDone));
    }

    private FleetTruth Sum(Dictionary<string, LinkTruth> links, IReadOnlyCollection<AgentTruth> truths) => new(
        links,
        Polls: truths.Sum(truth => (long)truth.Polls),
        Unacked: (int)Total(metrics => metrics.UnackedLinks.Value),
        Incarnations: truths.Sum(truth => truth.Incarnations),
        BatchesSent: Total(metrics => metrics.BatchesSent.Value),
        BatchesAcked: BatchesAcked,
        BatchesResent: Total(metrics => metrics.BatchesResent.Value),
        ReportsSent: ReportsSent,
        Connects: Total(metrics => metrics.Connects.Value),
        ConnectFailures: Total(metrics => metrics.ConnectFailures.Value),
        Refusals: Total(metrics => RefusalLabel.All.Sum(kind => metrics.Refusals.WithLabels(kind).Value)),
        Restarts: truths.Sum(truth => (long)truth.Restarts),
        AckSecondsP50: _times.QuantileSeconds(0.5),
        AckSecondsP99: _times.QuantileSeconds(0.99),
        DelaySecondsP50: _delays.QuantileSeconds(0.5),
        DelaySecondsP99: _delays.QuantileSeconds(0.99));

    private long Total(Func<ForwarderMetrics, double> of) => (long)_agents.Sum(agent => of(agent.Metrics));
}
