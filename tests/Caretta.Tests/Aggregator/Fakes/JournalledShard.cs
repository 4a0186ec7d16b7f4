using Akka.Actor;
using Akka.Hosting;
using Caretta.Aggregator;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>One shard, its ledger and links as the product makes them, on a real journal of its own.</summary>
internal sealed class JournalledShard : IDisposable
{
    public const int Number = 5;

    private readonly IJournalUnderTest _journal;
    private IActorRef? _shard;

    public JournalledShard()
        : this(new SqliteUnderTest())
    {
    }

    public JournalledShard(IJournalUnderTest journal) => _journal = journal;

    public LedgerSettings Settings { get; set; } =
        new(LinkSharding.DefaultShardCount, MaxLinksPerShard: 100, SnapshotEvery: 1000, TimeSpan.FromHours(24), TimeSpan.FromDays(30));

    public ManualTime Time { get; } = new();

    public AggregatorMetrics Metrics { get; private set; } = null!;

    public RecoveredShards Recovered { get; private set; } = null!;

    public RecoveryPauses Pauses { get; private set; } = null!;

    private LinkGauges Gauges { get; set; } = null!;

    public ActorSystem StartSystem(string hocon)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAkka("journalled", akka => akka
            .AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF, test.single-expect-default = 60s }", HoconAddMode.Prepend)
            .AddHocon($"akka.persistence.journal.sql.class = \"{typeof(JournalGate.Journal).AssemblyQualifiedName}\"", HoconAddMode.Prepend)
            .AddHocon(hocon, HoconAddMode.Prepend)
            .WithJournal(_journal.Database)
            .WithSerializers());
        return services.BuildServiceProvider().GetRequiredService<ActorSystem>();
    }

    /// <summary>A new process would have this: nothing but the journal.</summary>
    public IActorRef Start(ActorSystem system)
    {
        Metrics = new AggregatorMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        (Gauges, Recovered) = (new LinkGauges(Metrics), new RecoveredShards(1, Metrics));
        var (settings, gauges, metrics, recovered) = (Settings, Gauges, Metrics, Recovered);
        Pauses = new RecoveryPauses(Time);
        var ledgers = new LedgerMaker(settings, recovered, Pauses, gauges, metrics, Time);
        _shard = system.ActorOf(Props.Create(() => new ShardStandInActor(
            () => ledgers.Make(Number),
            Props.Create(() => new PageKeeperActor(Number, recovered, gauges)),
            linkId => Props.Create(() => new LinkActor(linkId, settings.ShardCount, gauges, metrics)))));
        return _shard;
    }

    /// <summary>What a scrape would find of the link; null if it is not exported.</summary>
    public LinkValues? Shown(NetworkLink link) =>
        Gauges.Look().SingleOrDefault(series => series.Labels.AsSpan().SequenceEqual(LinkLabels.Encode(link))).Values;

    public int ShownLinks => Gauges.Look().Length;

    /// <summary>One number out of the journal's database, read past the actors.</summary>
    public long Ask(string sql) => _journal.Ask(sql);

    public void Dispose() => _journal.Dispose();
}
