using System.IO.Compression;
using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Prometheus;

namespace Caretta.Aggregator.Hosting;

/// <summary>The map's part of the process.</summary>
internal static class MapServices
{
    public static void AddMap(this IServiceCollection services, AggregatorOptions options)
    {
        services.AddSingleton(new MapSettings(options.MapRefresh));
        services.AddSingleton(provider => new MapMetrics(Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>())));
        services.AddSingleton<MapFeed>();
        services.AddSingleton<MapViews>();
        services.AddSingleton<MapClient>();
        services.AddSingleton<IMapSource>(provider => provider.GetRequiredService<MapClient>());
        services.AddSingleton<MapStream>();
        services.ConfigureHttpJsonOptions(json => MapJson.Set(json.SerializerOptions));
        services.AddOpenApi(ApiDocument.Configure);
        services.AddResponseCompression(compression => compression.EnableForHttps = true); // nothing secret is in an answer
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
    }
}
