using System.Net;
using Akka.Hosting;
using Caretta.Messages.Settings;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Node.Names;
using Caretta.Node.Probe;
using Caretta.Node.Security;
using Prometheus;

namespace Caretta.Node;

/// <summary>Puts the agent's process together.</summary>
internal static class NodeHost
{
    /// <summary>Checks all that can be checked, then opens ledger and flow table: from here on the host is watched.</summary>
    /// <exception cref="BadStartException">It cannot start as things are.</exception>
    /// <exception cref="SettingException">It cannot start as it is set up.</exception>
    public static WebApplication Build(IReadOnlyList<string> args)
    {
        var builder = Configure(args, out var options);
        NodeSecurity.Check(options);
        Port.Check(options);
        AddServices(builder.Services, options);
        AddSecurity(builder.Services, options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.ListenAddress), options.HttpPort);
        });
        var app = builder.Build();
        MapEndpoints(app);
        app.Services.GetRequiredService<SecurityMetrics>();
        app.Services.GetRequiredService<Poller>();
        return app;
    }

    /// <summary><c>unload</c>: stops counting and removes everything from the kernel; what was counted stays in the ledger.</summary>
    /// <returns>What to tell the operator.</returns>
    /// <exception cref="BadStartException">As for <see cref="Build"/>.</exception>
    public static string Unload(IReadOnlyList<string> args)
    {
        var builder = Configure(args, out var options);
        AddServices(builder.Services, options);
        using var app = builder.Services.BuildServiceProvider();
        if (app.GetRequiredService<IFlowTableFactory>().Find() == PinnedTable.None)
        {
            return $"Nothing is loaded: {options.PinFolder} holds no tables.";
        }

        app.GetRequiredService<Poller>().Unload();
        return $"Unloaded. What was counted is in {Path.Combine(options.DataFolder, LedgerFile.FileName)}.";
    }

    /// <summary><c>ledger</c>: what the ledger holds, also while the agent runs.</summary>
    /// <exception cref="BadStartException">There is none to read.</exception>
    /// <exception cref="SettingException">An argument is none of ours.</exception>
    public static string ShowLedger(IReadOnlyList<string> args)
    {
        var (settings, others) = CommandLine.Switches.Split(args);
        var json = CommandLine.WantsJson(others);
        _ = Configure(settings, out var options);
        var ledger = LedgerFile.ReadAll(options.DataFolder);
        return json ? LedgerJson.Of(ledger) : LedgerText.Of(ledger);
    }

    /// <summary><c>doctor</c>: looks, and changes nothing.</summary>
    /// <param name="fit">The agent can run here.</param>
    public static string Examine(IReadOnlyList<string> args, out bool fit)
    {
        _ = Configure(args, out var options);
        var facts = KernelFacts.Read(options.PinFolder, options.BtfFile);
        fit = KernelSupport.Missing(facts, options.PinFolder, options.ProbePath) is null;
        return KernelReport.Of(facts, options.PinFolder, options.ProbePath, CgroupHierarchies.SocketsShowCgroups());
    }

    private static WebApplicationBuilder Configure(IReadOnlyList<string> args, out NodeOptions options)
    {
        SettingsFile.LookAtIt();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        CommandLine.Switches.AddTo(builder.Configuration, args);
        options = SettingsSection.Read<NodeOptions>(builder.Configuration, NodeOptions.Section);
        builder.Logging.ClearProviders();
        _ = options.LogFormat == LogFormat.Json
            ? builder.Logging.AddJsonConsole()
            : builder.Logging.AddSimpleConsole(console => console.SingleLine = true);

        // A start that fails is told by Program in one message; the host would add the stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        return builder;
    }

    private static void AddServices(IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton<IMetricFactory>(provider => Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()));
        services.AddSingleton<NodeMetrics>();
        services.AddSingleton(new ProbeHealth(TimeProvider.System, options.PollInterval));
        var byProcess = options.Names == NameSource.Host || !CgroupHierarchies.SocketsShowCgroups();
        services.AddSingleton<IFlowTableFactory>(new KernelFlowTables(options, byProcess));
        services.AddSingleton(NamesOf(options));
        services.AddSingleton(OpenPoller);
        services.AddAkka(NodeActors.SystemName, NodeActors.Configure);
    }

    private static void AddSecurity(IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton<SecurityMetrics>();
        if (NodeSecurity.Open(options, TimeProvider.System) is { } credentials)
        {
            services.AddSingleton(credentials);
            services.AddSingleton<ReloadLog>();
            services.AddHostedService<ReloadService>();
        }
    }

    private static IHostNames NamesOf(NodeOptions options)
    {
        if (options.Names == NameSource.Host)
        {
            return new HostNames(options.NodeName, CgroupTree.Read, new LinkFilter(options));
        }

        var localEnds = new LocalEnds(CgroupHierarchies.SocketsShowCgroups(), CgroupTree.Read, new KernelProcesses(options.PinFolder));
        var book = new AddressBook(new BookSettings(options.NamingGrace, options.MaxAddresses));
        return new ClusterNames(
            options.NodeName, localEnds, new LinkFilter(options), book, new ExternalGrants(options.MaxAddresses), TimeProvider.System);
    }

    private static Poller OpenPoller(IServiceProvider services)
    {
        var options = services.GetRequiredService<NodeOptions>();
        var (time, logger) = (services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<Poller>>());
        var tables = services.GetRequiredService<IFlowTableFactory>();
        tables.Find(); // before a ledger is made on a host that cannot be watched
        TellOfHost(services.GetRequiredService<NodeMetrics>(), logger);
        var store = LedgerStore.Open(options.DataFolder, time);
        try
        {
            if (store.SetAside is { } aside)
            {
                logger.LogError("The ledger was damaged. It is kept as {File}; a new one begins under a new incarnation.", aside);
            }

            return new ProbeStart(
                options, tables, store, store.SetAside is not null, services.GetRequiredService<IHostNames>(),
                services.GetRequiredService<NodeMetrics>(), time, logger).Open();
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>What a container is not shown unless it is asked for: it costs names and freshness, so it is said at the start.</summary>
    private static void TellOfHost(NodeMetrics metrics, ILogger logger)
    {
        var (processes, cgroups) = (KernelFacts.SharesHostPids(), KernelFacts.SeesHostCgroups());
        metrics.HostPids.Set(processes ? 1 : 0);
        metrics.HostCgroups.Set(cgroups ? 1 : 0);
        if (!processes)
        {
            logger.LogWarning(
                "The agent is in a PID namespace of its own. Connections older than it are counted only when they close, and pods are not found by their "
                + "processes, which hosts with cgroup version 1 need. Share the host's (Kubernetes: hostPID: true).");
        }

        if (!cgroups)
        {
            logger.LogWarning(
                "The host's cgroups are not at /sys/fs/cgroup. The local end of a connection is named by its address instead of its pod, which is wrong for pods "
                + "in the host's network. Mount the host's folder there (Kubernetes: a hostPath volume, read-only).");
        }
    }

    /// <summary>Plain delegates: binding of parameters and results would load a dozen megabytes of libraries.</summary>
    private static void MapEndpoints(WebApplication app)
    {
        var (registry, health) = (app.Services.GetRequiredService<CollectorRegistry>(), app.Services.GetRequiredService<ProbeHealth>());
        app.MapGet("/metrics", http =>
        {
            http.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
            return registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
        });
        app.MapGet("/healthz", http => Answer(http, health.IsLive));
        app.MapGet("/readyz", http => Answer(http, health.IsReady));
    }

    private static Task Answer(HttpContext http, bool good)
    {
        http.Response.StatusCode = good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsync(good ? "ok" : "not ok", http.RequestAborted);
    }
}
