using System.Net;
using System.Security.Cryptography.X509Certificates;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.EndToEnd.Tests.Network;
using Caretta.EndToEnd.Tests.Programs;
using Caretta.FakeCluster;
using k8s.Models;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>
/// The overlay "single" on a cluster of one host: job, aggregator and agent are the images under runc, each in a network namespace of its own, and do
/// what their manifests say. Two pods of the shop talk to each other.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private const int AggregatorNumber = 1;
    private const int AgentNumber = 2;

    /// <summary>More often than a real one polls, for the spec's sake.</summary>
    private static readonly V1EnvVar Quick = new() { Name = "CARETTA__NODE__POLLINTERVAL", Value = "00:00:00.500" };

    private readonly BuiltImages _images;
    /// <summary>One that no other run of the specs on this machine has, if it can be helped.</summary>
    private readonly Switch _network = new(seed: 6, network: 100 + (Environment.ProcessId % 150));
    private readonly TestHost _aggregatorSite;
    private readonly TestHost _agentSite;
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-pods-").FullName;
    private readonly List<Container> _containers = [];
    private FakeApiServer _api = null!;

    private Installation(BuiltImages images)
    {
        _images = images;
        _network.AddOurselves();
        (_aggregatorSite, _agentSite) = (_network.Add("aggregator", AggregatorNumber), _network.Add("agent", AgentNumber));
    }

    public TwoHosts Pods { get; } = new();

    public Kubelet Kubelet { get; private set; } = null!;

    public Container Aggregator { get; private set; } = null!;

    public Container Agent { get; private set; } = null!;

    /// <summary>As the manifests name it.</summary>
    public string PinFolder => System.IO.Path.Combine(Kubelet.BpfFolder, "caretta");

    /// <summary>The cluster, its objects and the certificates; no program runs yet.</summary>
    public static async Task<Installation> New(BuiltImages images)
    {
        var installation = new Installation(images);
        try
        {
            await installation.Prepare();
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    public async Task StartBoth()
    {
        StartAggregator();
        StartAgent();
        await Aggregator.Program.Ready();
        await Agent.Program.Ready();
    }

    public Container StartAggregator() => Aggregator = Run(Bundle(_images.Aggregator, Manifests.Aggregators(), _aggregatorSite, "caretta"), $"https://{_aggregatorSite.Ipv4}:7117");

    public Container StartAgent(V1PodSpec? pod = null) => Agent = RunAgent(AgentBundle(pod ?? Manifests.Agents()));

    /// <summary>Of a template that may differ from the manifest's.</summary>
    public Bundle AgentBundle(V1PodSpec pod) => Bundle(_images.Node, pod, _agentSite, "caretta-agents");

    public Container StartAgent(Bundle bundle) => Agent = RunAgent(bundle);

    public Container RunAgent(Bundle bundle) => Run(bundle, $"http://{_agentSite.Ipv4}:7120");

    /// <summary>Until the export shows the truth, and then for three more polls, so that a byte counted twice is seen as well.</summary>
    public async Task Settles(Traffic traffic)
    {
        Ends? exported = null;
        await Eventually.True(
            async () => (exported = await Exported(traffic)) == traffic.Truth,
            () => $"\n exported {exported}\n truth    {traffic.Truth}\nagent: {Agent.Program.Output}\naggregator: {Aggregator.Program.Output}");
        var until = await Polls() + 3;
        await Eventually.True(async () => await Polls() >= until, () => $"three more polls; the agent said:\n{Agent.Program.Output}");
        Assert.Equal(traffic.Truth, await Exported(traffic));
    }

    public async Task<Ends> Exported(Traffic traffic) => Ends.Exported(await Aggregator.Program.Answer(), traffic.Port);

    /// <summary>A number of the agent's own.</summary>
    public async Task<decimal> AgentSays(string name) => (await Agent.Program.Answer()).Sum(name);

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers)
        {
            await container.DisposeAsync();
        }

        Kubelet?.Dispose();
        Pods.Dispose();
        _network.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        Command.Run("rm", "--recursive", "--force", "--one-file-system", _folder);
    }

    private async Task Prepare()
    {
        var address = IPAddress.Parse(_network.OurAddress);
        using var authority = new TestAuthority(_folder, "kubernetes");
        var (certificate, key) = authority.Server("api", $"{address}");
        _api = await FakeApiServer.StartAsync(Objects(), X509Certificate2.CreateFromPemFile(certificate, key), address);
        foreach (var one in Manifests.OfTheJob)
        {
            _api.Objects.Add(one);
        }

        Kubelet = new Kubelet(Directory.CreateDirectory(System.IO.Path.Combine(_folder, "kubelet")).FullName, _api, await File.ReadAllTextAsync(authority.CaFile));
        await File.AppendAllTextAsync(Kubelet.HostsFile, $"{_aggregatorSite.Ipv4} {Manifests.AggregatorName}\n");
        var job = Run(Bundle(_images.Aggregator, Manifests.CertificatesJob(), _aggregatorSite, "caretta"), $"https://{_aggregatorSite.Ipv4}");
        Assert.True(await job.Program.Ended() == 0, job.Program.Output);
    }

    private static SimulatedCluster Objects()
    {
        var objects = new SimulatedCluster();
        objects.Put(Manifest.Node("node-1", "192.0.2.1"), OneCluster.CartDeployment, OneCluster.CartSet, OneCluster.Cart, OneCluster.Database, OneCluster.Db);
        return objects;
    }

    private Bundle Bundle(BuiltImage image, V1PodSpec pod, TestHost site, string space)
    {
        pod.Containers.Single().Env = [.. pod.Containers.Single().Env, Quick];
        return new Bundle(image, pod, site, Kubelet, space);
    }

    private Container Run(Bundle bundle, string http)
    {
        var container = new Container(bundle, new Uri(http));
        _containers.Add(container);
        return container;
    }

    private Task<decimal> Polls() => AgentSays("caretta_node_polls_total");
}
