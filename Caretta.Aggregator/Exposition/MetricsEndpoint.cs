using System.Diagnostics;
using System.IO.Compression;
using Prometheus;

namespace Caretta.Aggregator.Exposition;

/// <summary>/metrics: the aggregator's health, then its links.</summary>
internal sealed class MetricsEndpoint(CollectorRegistry health, LinkPage links, AggregatorMetrics metrics, ScrapeOwnership? ownership = null)
{
    public async Task ServeAsync(HttpContext context)
    {
        metrics.Scrapes.Inc();
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        if (!TakesGzip(context.Request))
        {
            await WriteAsync(context.Response.Body, context.RequestAborted);
            return;
        }

        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await WriteAsync(gzip, context.RequestAborted);
    }

    private static bool TakesGzip(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding
        .Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is null or > 0);

    private async Task WriteAsync(Stream to, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var owns = ownership?.Begin(began) ?? true;
        await health.CollectAndExportAsTextAsync(to, cancel);
        if (owns)
        {
            await links.WriteAsync(to, cancel);
        }

        metrics.ScrapeSeconds.Observe(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}
