using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Caretta.Messages.Tls;
using Caretta.Node.Forward;
using Caretta.Node.Probe;
using Caretta.Node.Security;
using Prometheus;

namespace Caretta.Node;

/// <summary>The actor system: the probe, and its forwarder under it. It talks to no other actor system.</summary>
internal static class NodeActors
{
    public const string SystemName = "caretta-node";

    public static void Configure(AkkaConfigurationBuilder akka, IServiceProvider services)
    {
        var options = services.GetRequiredService<NodeOptions>();
        akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.LogLevel = Akka.Event.LogLevel.InfoLevel;
                loggers.AddLoggerFactory(services.GetRequiredService<ILoggerFactory>());
            })
            .AddHocon(Hocon, HoconAddMode.Prepend)
            .WithActors((system, _) => system.ActorOf(
                ProbeActor.Props(
                    services.GetRequiredService<Poller>(), options, services.GetRequiredService<ProbeHealth>(),
                    services.GetRequiredService<ILogger<ProbeActor>>(), StartForwarder(options, services)),
                "probe"));
    }

    /// <summary>
    /// What Akka.Hosting has no option for. The host stops us, not the runtime's hook; a clean detach may take longer than the ten seconds
    /// that are usual.
    /// </summary>
    private static Config Hocon { get; } = ConfigurationFactory.ParseString($$"""
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        akka.stdout-logger-class = "Caretta.Node.QuietLogger, caretta-node"
        akka.coordinated-shutdown.phases.actor-system-terminate.timeout = 60s
        {{ProbeActor.DispatcherConfig}}
        """);

    private static Func<IUntypedActorContext, IActorRef> StartForwarder(NodeOptions options, IServiceProvider services)
    {
        var aggregators = EndpointList.Parse(options.Aggregator);
        var forwarder = new ForwarderOptions(aggregators, options.PollInterval, CommandLine.Switches.Version)
        {
            Obeys = options.Security == SecurityMode.Tls,
        };
        var metrics = new ForwarderMetrics(services.GetRequiredService<IMetricFactory>());
        var security = NodeSecurity.OfChannels(
            options, services.GetService<NodeCredentials>(), metrics, services.GetRequiredService<TimeProvider>());
        return context => context.ActorOf(
            ForwarderActor.Props(forwarder, metrics, () => MemberLookup.FindAsync(aggregators), GrpcUplink.To(security)), "forwarder");
    }
}
