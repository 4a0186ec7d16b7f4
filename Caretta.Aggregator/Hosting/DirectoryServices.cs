using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Watches;
using Prometheus;

namespace Caretta.Aggregator.Hosting;

/// <summary>The directory's part of the process.</summary>
internal static class DirectoryServices
{
    /// <exception cref="StartRefusedException">The cluster cannot be reached as the settings say.</exception>
    public static void AddDirectory(this IServiceCollection services, AggregatorOptions options)
    {
        if (ApiAccess.Configuration(options) is not { } access)
        {
            services.AddSingleton<IDirectory, NoDirectory>();
            return;
        }

        var settings = new IndexSettings { ClimbOwners = options.ClimbOwners, Retention = options.NameHistory };
        services.AddSingleton<IMetricFactory>(provider => Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()));
        services.AddSingleton<DirectoryMetrics>();
        services.AddSingleton(provider => new ClusterDirectory(
            new WorkloadIndex(settings), provider.GetRequiredService<ExternalNames>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDirectory>(provider => provider.GetRequiredService<ClusterDirectory>());
        services.AddSingleton<IWatchSink>(provider => provider.GetRequiredService<ClusterDirectory>());
        services.AddSingleton(provider => new ApiConnection(access, CommandLine.Switches.Version, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<ClusterWatch>();
        services.AddHostedService<DirectoryClock>();
    }
}
