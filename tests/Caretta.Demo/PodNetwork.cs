using System.Globalization;
using System.Net;

namespace Caretta.Demo;

/// <summary>
/// Network namespaces on one switch, itself in a namespace: each pod, and one for all that is outside the cluster. The machine's own network is
/// not touched.
/// </summary>
internal sealed class PodNetwork : IDisposable
{
    public const string Prefix = "caretta-demo-";

    private const string Bridge = "switch";

    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly NetworkNamespace _switch;
    private readonly Dictionary<string, List<Pod>> _pods = [];

    public PodNetwork()
    {
        RemoveLeftovers();
        _switch = New("switch");
        Ip(_switch, "link", "add", Bridge, "type", "bridge");
        Ip(_switch, "link", "set", Bridge, "up");
    }

    /// <summary>Of a workload, <c>namespace/name</c>, or what has an address outside.</summary>
    public IReadOnlyList<Pod> Of(string name) => _pods[name];

    public Pod Add(string name, Workload workload)
    {
        var address = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.244.77.{_namespaces.Count + 10}"));
        var pod = new Pod(name, Connect(name, $"{address}/24"), [address]);
        (_pods.TryGetValue($"{workload}", out var others) ? others : _pods[$"{workload}"] = []).Add(pod);
        return pod;
    }

    public void AddOutside(IReadOnlyList<string> addresses)
    {
        var outside = Connect("outside", [.. addresses.Select(address => $"{address}/32")]);
        Ip(outside, "route", "add", "10.244.77.0/24", "dev", "eth0", "src", addresses[0]);
        foreach (var address in addresses)
        {
            _pods[address] = [new Pod("outside", outside, [IPAddress.Parse(address)])];
        }
    }

    public void Dispose()
    {
        foreach (var one in Enumerable.Reverse(_namespaces))
        {
            one.Dispose();
        }
    }

    /// <summary>Of runs that were killed: a namespace's name has the number of the process that made it.</summary>
    private static void RemoveLeftovers()
    {
        foreach (var name in NetworkNamespace.All.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (!Directory.Exists("/proc/" + name[Prefix.Length..].Split('-')[0]))
            {
                NetworkNamespace.Delete(name);
            }
        }
    }

    private static void Ip(NetworkNamespace network, params IEnumerable<string> arguments) => NetworkNamespace.Ip(["-n", network.Name, .. arguments]);

    private NetworkNamespace New(string name)
    {
        var made = new NetworkNamespace(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{name}"));
        _namespaces.Add(made);
        return made;
    }

    private NetworkNamespace Connect(string name, params string[] addresses)
    {
        var made = New(name);
        var port = string.Create(CultureInfo.InvariantCulture, $"port{_namespaces.Count}");
        NetworkNamespace.Ip("link", "add", "eth0", "netns", made.Name, "type", "veth", "peer", "name", port, "netns", _switch.Name);
        Ip(_switch, "link", "set", port, "master", Bridge, "up");
        foreach (var address in addresses)
        {
            Ip(made, "address", "add", address, "dev", "eth0");
        }

        Ip(made, "link", "set", "eth0", "up");
        if (name != "outside")
        {
            Ip(made, "route", "add", "default", "dev", "eth0");
        }

        return made;
    }
}
