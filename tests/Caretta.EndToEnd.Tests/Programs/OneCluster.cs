using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.FakeCluster;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>
/// A cluster of one node: two network namespaces are its pods' (a client's at 10.77.0.1, a server's at 10.77.0.2), an API server that
/// speaks as a real one tells who they are, and the two programs watch. The client is the deployment shop/cart.
/// </summary>
internal sealed class OneCluster : IAsyncDisposable
{
    internal static readonly Manifest CartDeployment = Manifest.Deployment("shop", "cart");
    internal static readonly Manifest CartSet = Manifest.ReplicaSet("shop", "cart-7c58", CartDeployment);

    private OneCluster(FakeApiServer api, SimulatedCluster objects, string[] aggregatorSettings)
    {
        (Api, Objects) = (api, objects);
        Host = new OneHost { AggregatorSettings = ["--Caretta:Aggregator:Kubernetes=ApiServer", $"--Caretta:Aggregator:ApiServer={api.Address}", .. aggregatorSettings] };
        Listener = TestHost.Listen(Pods.Server.NewSocket(AddressFamily.InterNetworkV6), AddressFamily.InterNetworkV6, port: Port);
    }

    public static Manifest Cart { get; } = Manifest.Pod("shop", "cart-7c58-x", ["10.77.0.1", "fd77::1"], CartSet);

    public static Manifest Database { get; } = Manifest.StatefulSet("shop", "db");

    /// <summary>The server's pod; with its address.</summary>
    public static Manifest Db { get; } = Manifest.Pod("shop", "db-0", ["10.77.0.2", "fd77::2"], Database);

    public FakeApiServer Api { get; }

    public SimulatedCluster Objects { get; }

    public TwoHosts Pods { get; } = new();

    public OneHost Host { get; }

    /// <summary>In the server's pod.</summary>
    public Socket Listener { get; }

    public int Port { get; } = Traffic.NextPort();

    /// <summary>A setting of the agent, which otherwise watches the whole machine: what it counts is then of this cluster's connections alone.</summary>
    public string OnlyItsPort => $"--Caretta:Node:IncludePorts={Port}";

    /// <summary>The client's side, with every object but the server's pod; nothing runs yet.</summary>
    public static async Task<OneCluster> New(params string[] aggregatorSettings)
    {
        var objects = new SimulatedCluster();
        objects.Put(Manifest.Node("node-1", "192.0.2.1"), CartDeployment, CartSet, Cart, Database);
        return new OneCluster(await FakeApiServer.StartAsync(objects), objects, aggregatorSettings);
    }

    public Task Start(params string[] nodeSettings) => Host.StartBoth([.. NodeSettings, .. nodeSettings]);

    public void StartNode(params string[] nodeSettings) => Host.StartNode([.. NodeSettings, .. nodeSettings]);

    /// <summary>From the client's pod to the server's.</summary>
    public Pair Connect(Family family = Family.Ipv4) => new(Pods, family, listener: Listener);

    /// <summary>What the aggregator exports for the server's port as sent by clients, by the names of both ends.</summary>
    public async Task<Dictionary<string, decimal>> Sent() => await Host.Aggregator.Scrape() is not { } scrape ? [] : scrape.All
        .Where(series => series.Name == "caretta_link_sent_bytes_total" && series["server_port"] == $"{Port}" && series["role"] == "1")
        .ToDictionary(series => $"{Workload(series, "client")} → {Workload(series, "server")}", series => series.Value);

    /// <summary>Until exactly this is exported, and then for three more polls.</summary>
    public async Task Settles(params (string Link, decimal Bytes)[] links)
    {
        var expected = links.ToDictionary(link => link.Link, link => link.Bytes);
        Dictionary<string, decimal> sent = [];
        await Eventually.True(
            async () => Same(expected, sent = await Sent()),
            () => $"\n exported {Text(sent)}\n truth    {Text(expected)}\nagent: {Host.Node.Output}\naggregator: {Host.Aggregator.Output}");
        await Host.ThreePolls();
        Assert.Equal(Text(expected), Text(await Sent()));
    }

    /// <summary>Until the agent has been told of changes so many times.</summary>
    public Task Told(decimal notices) => Eventually.True(
        async () => await Notices() >= notices, () => $"a word of the directory; the agent said:\n{Host.Node.Output}");

    public Task<decimal> Notices() => Host.NodeCounter("caretta_node_directory_notices_total");

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Listener.Dispose();
        Pods.Dispose();
        await Api.DisposeAsync();
    }

    private static string[] NodeSettings =>
        ["--Caretta:Node:Names=Cluster", "--Caretta:Node:NodeName=node-1", "--Caretta:Node:NamingGrace=00:00:01"];

    private static string Workload(Series series, string end) =>
        $"{series[$"{end}_namespace"]}/{series[$"{end}_kind"]}/{series[$"{end}_name"]}";

    private static bool Same(Dictionary<string, decimal> expected, Dictionary<string, decimal> actual) => Text(expected) == Text(actual);

    private static string Text(Dictionary<string, decimal> sent) =>
        string.Join("; ", sent.OrderBy(link => link.Key, StringComparer.Ordinal).Select(link => $"{link.Key}: {link.Value}"));
}
