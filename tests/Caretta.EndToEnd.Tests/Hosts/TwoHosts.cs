namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>Two network namespaces joined by a veth pair, each with an IPv4 and an IPv6 address: a client's host and a server's.</summary>
public sealed class TwoHosts : IDisposable
{
    private const string Prefix = "caretta-test-";

    public TwoHosts()
    {
        RemoveLeftovers();
        var id = $"{Environment.ProcessId % 10000}{Random.Shared.Next(1000)}";
        (Client, Server) = (new TestHost($"{Prefix}{id}-c", "10.77.0.1", "fd77::1"), new TestHost($"{Prefix}{id}-s", "10.77.0.2", "fd77::2"));
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

    /// <summary>Of runs that were killed; those of a living process carry its id.</summary>
    private static void RemoveLeftovers()
    {
        foreach (var line in Command.Run("ip", "netns", "list").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = line.Split(' ')[0];
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && File.GetCreationTimeUtc($"/run/netns/{name}") < DateTime.UtcNow.AddHours(-1))
            {
                Command.Try("ip", "netns", "del", name);
            }
        }
    }
}
