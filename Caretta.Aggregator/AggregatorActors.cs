using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Remote.Hosting;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Cluster.Formation;
using Caretta.Aggregator.Cluster.Renewal;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Gather;
using Caretta.Aggregator.Security;
using Caretta.Aggregator.Shards;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator;

/// <summary>The actor system: one cluster member that hosts links, their ledgers, and what wakes them.</summary>
internal static class AggregatorActors
{
    public const string SystemName = "caretta";
    public const string Role = "aggregator";
    private const string LinkRegion = "link";
    private const string GrantsSingleton = "external-grants";
    private static readonly TimeSpan WakeInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What Akka.Hosting has no option for. The host stops us, after the streams have ended, not the runtime's hook. That the singleton is
    /// not found at once is so at every start and no warning.
    /// </summary>
    private const string Hocon = """
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        akka.stdout-logger-class = "Caretta.Aggregator.QuietLogger, caretta-aggregator"
        akka.cluster.singleton-proxy.log-singleton-identification-failure = off
        """;

    public static void Configure(AkkaConfigurationBuilder akka, IServiceProvider services)
    {
        var options = services.GetRequiredService<AggregatorOptions>();
        var ledger = services.GetRequiredService<LedgerSettings>();
        akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.LogLevel = Akka.Event.LogLevel.InfoLevel;
                loggers.AddLoggerFactory(services.GetRequiredService<ILoggerFactory>());
            })
            .AddHocon(Hocon, HoconAddMode.Prepend)
            .AddHocon(ClusterHocon.For(options), HoconAddMode.Prepend)
            .AddHocon(LinkMailbox.Hocon, HoconAddMode.Prepend)
            .AddHocon(MapActor.Hocon, HoconAddMode.Prepend)
            .WithJournal(services.GetRequiredService<IJournalDatabase>())
            .WithSerializers()
            .WithRemoting(Secured(new RemoteOptions
            {
                HostName = options.ListenAddress,
                Port = options.RemotePort,
                PublicHostName = options.AdvertisedHost.Length > 0 ? options.AdvertisedHost : options.ListenAddress,
            }, services))
            .WithClustering(new ClusterOptions { Roles = [Role] })
            .WithShardRegion<LinkActor>(
                LinkRegion, (_, _, _) => EntityProps(services), new ShardMessages(ledger.ShardCount), new ShardOptions
                {
                    StateStoreMode = StateStoreMode.DData,
                    RememberEntities = false,
                    ShouldPassivateIdleEntities = false, // a sleeping link would not be exported
                    Role = Role,
                    HandOffStopMessage = new LeaveShard(),
                })
            .WithSingleton<ExternalGrantsActor>(
                GrantsSingleton, (_, _, _) => GrantsProps(services), new ClusterSingletonOptions
                {
                    Role = Role,
                    TerminationMessage = new StopGrants(),
                    BufferSize = 100, // questions while nobody keeps the grants; further ones are dropped and asked again
                })
            .WithActors((system, registry) => StartMember(system, registry, services));
    }

    public static AkkaConfigurationBuilder WithJournal(this AkkaConfigurationBuilder akka, IJournalDatabase journal)
    {
        journal.AddTo(akka);
        return akka.AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
    }

    public static AkkaConfigurationBuilder WithSerializers(this AkkaConfigurationBuilder akka) => akka
        .WithCustomSerializer(
            "caretta-journal", [typeof(LinksAdvanced), typeof(LinksExpired), typeof(SourcesRetired), typeof(ShardSnapshot)],
            system => new JournalSerializer(system))
        .WithCustomSerializer("caretta-grants", [typeof(GrantsAdvanced), typeof(GrantsSnapshot)], system => new GrantsSerializer(system))
        .WithCustomSerializer("caretta-members", [typeof(IMemberMessage)], system => new MemberSerializer(system));

    private static RemoteOptions Secured(RemoteOptions remote, IServiceProvider services)
    {
        if (services.GetService<MemberTls>() is { } tls)
        {
            (remote.EnableSsl, remote.Ssl) = (true, tls.Options());
        }

        return remote;
    }

    private static void StartMember(ActorSystem system, IActorRegistry registry, IServiceProvider services)
    {
        var (journal, time) = (services.GetRequiredService<IJournalDatabase>(), services.GetRequiredService<TimeProvider>());
        var (peers, fate) = (services.GetRequiredService<IPeers>(), services.GetRequiredService<MemberFate>());
        var (shards, formation) = (services.GetRequiredService<LedgerSettings>().ShardCount, services.GetRequiredService<FormationSettings>());
        var (lease, metrics) = (services.GetRequiredService<OwnershipLease>(), services.GetRequiredService<ClusterMetrics>());
        var awake = services.GetRequiredService<AwakeShards>();
        system.ActorOf(Props.Create(() => new MembershipActor(journal)), MembershipActor.Name);
        var patience = services.GetRequiredService<OwnershipPatience>();
        system.ActorOf(Props.Create(() => new OwnershipActor(journal, lease, fate, metrics, patience, time)), "ownership");
        system.ActorOf(Props.Create(() => new FormationActor(journal, peers, fate, formation, time)), "formation");
        if (services.GetRequiredService<AggregatorOptions>().RestartOnRenewal && services.GetService<IShownCertificate>() is { } shown)
        {
            var (renewal, life) = (services.GetRequiredService<RenewalSettings>(), services.GetRequiredService<IHostApplicationLifetime>());
            system.ActorOf(Props.Create(() => new RenewalActor(shown, renewal, life, time)), "renewal");
        }

        var (gauges, feed) = (services.GetRequiredService<LinkGauges>(), services.GetRequiredService<MapFeed>());
        var (map, mapMetrics) = (services.GetRequiredService<MapSettings>(), services.GetRequiredService<MapMetrics>());
        registry.Register<MapActor>(system.ActorOf(
            Props.Create(() => new MapActor(gauges, lease, feed, map, mapMetrics, time)).WithDispatcher(MapActor.Dispatcher), MapActor.Name));
        registry.Register<AgentsActor>(system.ActorOf(Props.Create(() => new AgentsActor()), AgentsActor.Name));
        AkkaCluster.Get(system).RegisterOnMemberUp(() => system.ActorOf(
            Props.Create(() => new LedgerWakerActor(registry.Get<LinkActor>(), shards, WakeInterval, awake)), "waker"));
    }

    private static Props GrantsProps(IServiceProvider services) => ExternalGrantsActor.Supervised(
        services.GetRequiredService<GrantSettings>(),
        services.GetRequiredService<ExternalMetrics>(),
        services.GetRequiredService<TimeProvider>());

    private static Func<string, Props> EntityProps(IServiceProvider services)
    {
        var (settings, time) = (services.GetRequiredService<LedgerSettings>(), services.GetRequiredService<TimeProvider>());
        var (metrics, gauges) = (services.GetRequiredService<AggregatorMetrics>(), services.GetRequiredService<LinkGauges>());
        var (recovered, ledgers) = (services.GetRequiredService<RecoveredShards>(), services.GetRequiredService<LedgerMaker>());
        return entityId => ShardMessages.TryNode(entityId) is { } node
            ? Made(() => new NodeNameActor(node, time))
            : ShardMessages.TryLedger(entityId) is { } shard
            ? ledgers.Make(shard)
            : ShardMessages.TryPage(entityId) is { } page
            ? Made(() => new PageKeeperActor(page, recovered, gauges))
            : Made(() => new LinkActor(ulong.Parse(entityId), settings.ShardCount, gauges, metrics)).WithMailbox(LinkMailbox.Path);
    }

    private static Props Made<TActor>(Func<TActor> make)
        where TActor : ActorBase => Props.CreateBy(new ActorMaker<TActor>(make));
}
