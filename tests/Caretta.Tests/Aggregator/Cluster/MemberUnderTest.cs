using System.Globalization;
using System.Net;
using Akka.Actor;
using Akka.Cluster;
using Caretta.Aggregator;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Hosting;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Journal.Database;
using Caretta.Messages;
using Caretta.Messages.Tls;
using Caretta.TestServers;
using Caretta.Tests.Aggregator.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>A member as the product puts it together, without its ports for HTTP, each with a journal of its own: what is told here is who lives where.</summary>
internal sealed class MemberUnderTest : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;

    private MemberUnderTest(AggregatorOptions options, Action<IServiceCollection>? replace)
    {
        options.DataFolder = _folder.Path + "/unused";
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IHostApplicationLifetime>(Life);
        AggregatorHost.AddServices(services, options);
        services.AddSingleton(provider => new StandInDatabase(
            JournalFile.Open(_folder.Path, LinkSharding.DefaultShardCount, DateTimeOffset.UtcNow), provider.GetRequiredService<JournalAvailability>()));
        services.AddSingleton<IJournalDatabase>(provider => provider.GetRequiredService<StandInDatabase>());
        replace?.Invoke(services);
        _services = services.BuildServiceProvider();
        System = _services.GetRequiredService<ActorSystem>();
    }

    public StoppableLife Life { get; } = new();

    public StandInDatabase Database => Get<StandInDatabase>();

    public ActorSystem System { get; }

    public AkkaCluster Cluster => AkkaCluster.Get(System);

    public MemberFate Fate => _services.GetRequiredService<MemberFate>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Ports that nobody else gets, as a list of seeds.</summary>
    public static string FreeSeeds(int count, IPAddress? at = null)
    {
        var address = at ?? IPAddress.Loopback;
        return string.Join(',', Enumerable.Range(0, count).Select(_ => new IPEndPoint(address, FreePort.At($"{address}"))));
    }

    public static async Task<MemberUnderTest> StartAsync(
        string seeds, int index = -1, Action<IServiceCollection>? replace = null, string listenAddress = "127.0.0.1", Action<AggregatorOptions>? change = null)
    {
        var port = index < 0 ? 0 : int.Parse(seeds.Split(',')[index].Split(':')[^1], CultureInfo.InvariantCulture);
        var options = new AggregatorOptions { Security = SecurityMode.Off, Seeds = seeds, RemotePort = port, ListenAddress = listenAddress };
        change?.Invoke(options);
        var member = new MemberUnderTest(options, replace);
        await Task.WhenAll(member._services.GetServices<IHostedService>().Select(service => service.StartAsync(TestContext.Current.CancellationToken)));
        return member;
    }

    public static Task UntilAsync(Func<bool> isSo) => Eventually.TrueAsync(isSo);

    public bool Sees(int members) => Cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == members;

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        await _services.DisposeAsync();
        _folder.Dispose();
        Life.Dispose();
    }
}
