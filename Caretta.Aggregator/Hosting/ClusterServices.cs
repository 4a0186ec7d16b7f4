using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Cluster.Formation;
using Caretta.Aggregator.Cluster.Renewal;
using Caretta.Aggregator.Directory.Watches;
using Caretta.Aggregator.Exposition;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Prometheus;

namespace Caretta.Aggregator.Hosting;

/// <summary>What makes the process a member of a cluster.</summary>
internal static class ClusterServices
{
    public static void AddClusterMember(this IServiceCollection services, AggregatorOptions options)
    {
        services.AddSingleton<MemberFate>();
        services.AddSingleton<IPeers>(provider => options.Discovery == Discovery.Static
            ? new StaticPeers(SeedList.Parse(options.Seeds))
            : new KubernetesPeers(ApiAccess.Configuration(options)!, options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new FormationSettings(options.OwnershipBound));
        services.AddSingleton(OwnershipPatience.Of(options));
        services.AddSingleton(RenewalSettings.Default);
        services.AddSingleton(provider => new OwnershipLease(options.OwnershipBound, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ClusterMetrics(Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>())));
        services.AddSingleton<ScrapeOwnership>();
        services.AddSingleton<MemberStanding>();
        services.AddSingleton<ExportedShards>();
        services.AddSingleton(new AwakeShards(LinkSharding.DefaultShardCount));
    }
}
