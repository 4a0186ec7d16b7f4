using System.Net;
using Akka.Hosting;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Exposition;
using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Operation;
using Caretta.Aggregator.Security;
using Caretta.Aggregator.Security.Http;
using Caretta.Aggregator.Shards;
using Caretta.Aggregator.Ui;
using Caretta.Messages;
using Caretta.Messages.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Prometheus;

namespace Caretta.Aggregator.Hosting;

/// <summary>Puts the process together.</summary>
internal static class AggregatorHost
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    /// <exception cref="SettingException">It cannot start as it is set up.</exception>
    /// <exception cref="StartRefusedException">It cannot start as things are.</exception>
    public static WebApplication Build(string[] args)
    {
        SettingsFile.LookAtIt();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        CommandLine.Switches.AddTo(builder.Configuration, args);
        var options = SettingsSection.Read<AggregatorOptions>(builder.Configuration, AggregatorOptions.Section);
        SecurityRules.Check(options);
        Ports.Check(options);
        AddLogging(builder, options);
        AddServices(builder.Services, options);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        var app = builder.Build();
        app.Services.GetRequiredService<IDirectory>(); // what it cannot do as it is set up refuses the start
        app.Services.GetRequiredService<SecurityMetrics>(); // from zero on
        app.Services.GetRequiredService<MapMetrics>();
        var guard = app.Services.GetRequiredService<HttpGuard>();
        app.Use(next => context => UiEndpoints.Guard(context, next));
        app.Use(next => context => guard.PassAsync(context, next));
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseResponseCompression());
        app.MapGrpcService<IngressService>();
        app.MapGrpcService<OperatorService>();
        app.MapGet("/metrics", app.Services.GetRequiredService<MetricsEndpoint>().ServeAsync).ExcludeFromDescription();
        app.MapGet("/healthz", () => Results.Text("ok")).ExcludeFromDescription();
        app.MapGet("/readyz", Readiness.Answer).ExcludeFromDescription();
        app.MapTheMap();
        app.MapThePage();
        return app;
    }

    /// <summary>Until it is asked to stop.</summary>
    /// <exception cref="StartRefusedException">The journal turned out to be one it cannot use.</exception>
    /// <exception cref="MembershipEndedException">It cannot be a member of this cluster, or no longer is.</exception>
    public static async Task RunAsync(WebApplication app)
    {
        var journal = app.Services.GetRequiredService<IJournalDatabase>().Ready;
        try
        {
            await app.StartAsync();
            app.Logger.LogInformation("Metrics on {Http}, agents on {Ingress}", app.Urls.First(), app.Urls.Last());
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException)
        {
            // asked to stop before it had started
        }

        if (journal.IsFaulted)
        {
            await journal;
        }

        if (app.Services.GetRequiredService<MemberFate>().End is { } end)
        {
            throw new MembershipEndedException(end);
        }
    }

    private static void AddLogging(WebApplicationBuilder builder, AggregatorOptions options)
    {
        builder.Logging.ClearProviders();
        _ = options.LogFormat == LogFormat.Json
            ? builder.Logging.AddJsonConsole()
            : builder.Logging.AddSimpleConsole(console => console.SingleLine = true);

        // A start that fails is told by Program in one message; the host would add the stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    internal static void AddServices(IServiceCollection services, AggregatorOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton(provider => new AggregatorMetrics(Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>())));
        services.AddSingleton(provider => new ExternalMetrics(Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>())));
        services.AddSingleton(provider => ExternalNames.Create(
            options, provider.GetRequiredService<ExternalMetrics>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new GrantSettings(options.MaxExternalsPerWorkload, options.SnapshotEvery, options.ExpireAfter));
        services.AddSingleton<LinkGauges>();
        services.AddSingleton(provider => new LinkPage(provider.GetRequiredService<LinkGauges>(), options.Exported == ExportedSeries.Full));
        services.AddSingleton<MetricsEndpoint>();
        services.AddSingleton(new LedgerSettings(
            LinkSharding.DefaultShardCount, options.MaxLinksPerShard, options.SnapshotEvery, options.ExpireAfter, options.RetireAfter));
        services.AddSingleton(new StreamSettings(LinkSharding.DefaultShardCount, AnswerWithin, Environment.MachineName, CommandLine.Switches.Version)
        {
            MaxAge = options.MaxStreamAge,
            MaxStreams = options.MaxStreams,
        });
        services.AddSingleton(provider =>
            new RecoveredShards(
                LinkSharding.DefaultShardCount, provider.GetRequiredService<AggregatorMetrics>(), provider.GetRequiredService<ExportedShards>()));
        services.AddSingleton<RecoveryPauses>();
        services.AddSingleton<LedgerMaker>();
        services.AddClusterMember(options);
        services.AddSingleton(provider => new LiveStreams(options.MaxStreams, provider.GetRequiredService<AggregatorMetrics>()));
        services.AddSingleton<Refusals>();
        services.AddSecurity(options);
        services.AddDirectory(options);
        services.AddMap(options);
        services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = IngressRules.MaxMessageBytes);
        services.AddJournal(options);
        services.AddAkka(AggregatorActors.SystemName, AggregatorActors.Configure);
        services.AddHostedService<QuickStop>(); // after Akka's, so that it stops before
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
    }

    private static void Listen(KestrelServerOptions kestrel, AggregatorOptions options)
    {
        var address = IPAddress.Parse(options.ListenAddress);
        kestrel.AddServerHeader = false;

        // An agent whose machine vanished sends no FIN; its node name must not stay taken.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MinRequestBodyDataRate = null; // an agent with nothing to say is silent
        var tls = kestrel.ApplicationServices.GetService<ServerTls>();
        kestrel.Listen(address, options.HttpPort, http => Secure(http, HttpProtocols.Http1, SecurityRules.HttpHasTls(options) ? tls?.ForHttp() : null));
        kestrel.Listen(address, options.IngressPort, grpc => Secure(grpc, HttpProtocols.Http2, tls?.ForAgents()));
    }

    private static void Secure(ListenOptions listener, HttpProtocols protocols, TlsHandshakeCallbackOptions? tls)
    {
        listener.Protocols = protocols;
        if (tls is not null)
        {
            listener.UseHttps(tls);
        }
    }
}
