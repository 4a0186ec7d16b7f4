using Akka.Actor;
using Akka.Hosting;
using Caretta.Aggregator;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Hosting;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace Caretta.Tests.Aggregator.Directory.Externals;

/// <summary>The grants as the aggregator starts them: one for the cluster, reached through the proxy that is registered for them.</summary>
public sealed class GrantsSingletonSpecs : IDisposable
{
    private static readonly GrantPair[] Pairs = [new(1, 11), new(1, 12), new(1, 13)];

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_member_is_answered_through_the_proxy_and_the_next_one_gives_the_same_answers()
    {
        Assert.Equal([true, true, false], await AskANewMemberAsync(Pairs));
        Assert.Equal([false, true, true], await AskANewMemberAsync([.. Pairs.Reverse()]));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private async Task<IReadOnlyList<bool>> AskANewMemberAsync(GrantPair[] pairs)
    {
        using var journal = JournalFile.Open(_folder.Path, LinkSharding.DefaultShardCount, DateTimeOffset.UtcNow);
        using var member = Member(journal);
        await member.StartAsync(TestContext.Current.CancellationToken);
        var proxy = member.Services.GetRequiredService<IRequiredActor<ExternalGrantsActor>>().ActorRef;
        var given = await proxy.Ask<GrantsGiven>(new AskGrants(7, pairs), TestContext.Current.CancellationToken);
        Assert.Equal(7UL, given.Id);
        await member.StopAsync(TestContext.Current.CancellationToken);
        return given.Granted;
    }

    private static IHost Member(JournalFile journal)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(registry);
        var options = new AggregatorOptions { RemotePort = 0 };
        builder.Services.AddLogging()
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(5)) // it ends in good order, however long a busy machine takes over it
            .AddSingleton(options)
            .AddSingleton(registry)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new LedgerSettings(
                LinkSharding.DefaultShardCount, MaxLinksPerShard: 10, SnapshotEvery: 500, TimeSpan.FromHours(24), TimeSpan.FromDays(30)))
            .AddSingleton(new GrantSettings(MaxPerWorkload: 2, SnapshotEvery: 500, TimeSpan.FromHours(24)))
            .AddSingleton(new ExternalMetrics(factory))
            .AddSingleton(new AggregatorMetrics(factory))
            .AddSingleton<JournalAvailability>()
            .AddSingleton<IJournalDatabase>(provider => new SqliteJournalDatabase(journal, provider.GetRequiredService<JournalAvailability>()))
            .AddSingleton<LinkGauges>()
            .AddSingleton(provider => new RecoveredShards(LinkSharding.DefaultShardCount, provider.GetRequiredService<AggregatorMetrics>()))
            .AddSingleton<RecoveryPauses>()
            .AddSingleton<LedgerMaker>()
            .AddAkka(AggregatorActors.SystemName, AggregatorActors.Configure);
        builder.Services.AddClusterMember(options);
        builder.Services.AddMap(options);
        return builder.Build();
    }
}
