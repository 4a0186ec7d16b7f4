using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Cluster.Formation;

namespace Caretta.Aggregator.Hosting;

/// <summary>What makes the process a member of a cluster.</summary>
internal static class ClusterServices
{
    public static void AddClusterMember(this IServiceCollection services, AggregatorOptions options)
    {
        services.AddSingleton<MemberFate>();
        services.AddSingleton<IPeers>(new StaticPeers(SeedList.Parse(options.Seeds)));
        services.AddSingleton(new FormationSettings(TimeSpan.FromSeconds(5)));
    }
}
