namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>Two network namespaces joined by a veth pair, each with an IPv4 and an IPv6 address: a client's host and a server's.</summary>
public sealed class TwoHosts : IDisposable
{
    public TwoHosts()
    {
        var name = HostNames.Next();
        (Client, Server) = (new TestHost($"{name}-c", "10.77.0.1", "fd77::1"), new TestHost($"{name}-s", "10.77.0.2", "fd77::2"));
        Command.Run("ip", "netns", "add", Client.Name);
        Command.Run("ip", "netns", "add", Server.Name);
        Command.Run("ip", "link", "add", "eth0", "netns", Client.Name, "type", "veth", "peer", "name", "eth0", "netns", Server.Name);
        Client.Configure();
        Server.Configure();
    }

    internal TestHost Client { get; }

    internal TestHost Server { get; }

    public void Dispose()
    {
        Command.Run("ip", "netns", "del", Client.Name);
        Command.Run("ip", "netns", "del", Server.Name);
    }
}
