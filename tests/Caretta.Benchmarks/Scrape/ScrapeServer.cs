using System.Globalization;
using System.IO.Compression;
using System.Net;
using Caretta.Aggregator;
using Caretta.Aggregator.Exposition;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Caretta.Benchmarks.Scrape;

/// <summary>
/// The other process of the scrape: the links' pages over HTTP, by the aggregator's own endpoint or by prometheus-net with the same series.
/// </summary>
internal static class ScrapeServer
{
    public const string Ours = "ours";
    public const string PrometheusNet = "prometheus-net";

    /// <summary>Says its address on standard output and serves until standard input ends.</summary>
    public static async Task RunAsync(string kind, int series)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.MapGet("/metrics", kind == Ours ? OurEndpoint(series) : PrometheusNetEndpoint(series));
        app.MapGet("/cost", () => ServerCost.Present().ToString());
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private static RequestDelegate OurEndpoint(int series)
    {
        var registry = Metrics.NewCustomRegistry();
        var metrics = new AggregatorMetrics(Metrics.WithCustomRegistry(registry));
        var gauges = new LinkGauges(metrics);
        for (var i = 0; i < series; i++)
        {
            gauges.Open(Link(i)).Show(new LinkTotals { SentBytes = Bytes(i) }, default);
        }

        return new MetricsEndpoint(registry, new LinkPage(gauges, full: false), metrics).ServeAsync;
    }

    private static RequestDelegate PrometheusNetEndpoint(int series)
    {
        var registry = Metrics.NewCustomRegistry();
        var gauge = Metrics.WithCustomRegistry(registry).CreateGauge(
            "caretta_links_observed", "Bytes sent so far by the observed end of the link.",
            "client_id", "client_kind", "client_name", "client_namespace", "client_owner", "link_id", "role",
            "server_id", "server_kind", "server_name", "server_namespace", "server_owner", "server_port");
        for (var i = 0; i < series; i++)
        {
            var link = Link(i);
            gauge.WithLabels(
                Number(link.Client.Id), link.Client.Kind, link.Client.Name, link.Client.Namespace, link.Client.Owner,
                Number(link.Id), Number((ulong)link.Role),
                Number(link.Server.Id), link.Server.Kind, link.Server.Name, link.Server.Namespace, link.Server.Owner,
                Number(link.ServerPort)).Set(Bytes(i));
        }

        return async context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            if (!context.Request.Headers.AcceptEncoding.Contains("gzip"))
            {
                await registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
                return;
            }

            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await registry.CollectAndExportAsTextAsync(gzip, context.RequestAborted);
        };
    }

    private static NetworkLink Link(int i) => new(
        new Workload($"team-{i % 40}", "Deployment", $"service-{i % 1000}", "Application"),
        new Workload($"team-{i % 30}", "StatefulSet", $"store-{i / 1000}", "Database"),
        (ushort)(5000 + i % 1000),
        Role.Client);

    private static ulong Bytes(int i) => (ulong)i * 7_919_317;

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
