using System.Net;
using System.Net.Sockets;

namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>A network namespace with addresses of its own.</summary>
internal sealed class TestHost(string name, string ipv4, string ipv6)
{
    public string Name { get; } = name;

    public IPAddress Ipv4 { get; } = IPAddress.Parse(ipv4);

    public IPAddress Ipv6 { get; } = IPAddress.Parse(ipv6);

    /// <summary>Makes something while the calling thread is in the namespace: sockets stay where they were made.</summary>
    public T Inside<T>(Func<T> make)
    {
        var made = default(T);
        Exception? failed = null;
        // A thread of its own: one that cannot go back to its namespace must not serve anybody else.
        var thread = new Thread(() =>
        {
            try
            {
                using var fd = File.OpenHandle($"/run/netns/{Name}");
                Assert.Equal(0, Native.EnterNamespace(fd, Native.NetworkNamespace));
                made = make();
            }
            catch (Exception failure)
            {
                failed = failure;
            }
        });
        thread.Start();
        thread.Join();
        return failed is null ? made! : throw new InvalidOperationException($"Inside {Name}: {failed.Message}", failed);
    }

    public Socket NewSocket(AddressFamily family) => Inside(() =>
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        return socket;
    });

    /// <summary>A stream socket of another protocol than TCP; null where the kernel has none.</summary>
    public Socket? NewSocket(AddressFamily family, int protocol) => Inside(() =>
    {
        const int Stream = 1;
        var fd = Native.NewSocket(family == AddressFamily.InterNetworkV6 ? 10 : 2, Stream, protocol);
        return fd < 0 ? null : new Socket(new SafeSocketHandle(fd, ownsHandle: true));
    });

    public Socket Listen(AddressFamily family, int backlog = 128) => Listen(NewSocket(family), family, backlog);

    /// <param name="port">One that no other spec has, if not given.</param>
    public static Socket Listen(Socket listener, AddressFamily family, int backlog = 128, int? port = null)
    {
        listener.Bind(new IPEndPoint(family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port ?? Ports.Next()));
        listener.Listen(backlog);
        return listener;
    }

    /// <summary>Runs <c>ip</c>, <c>tc</c> or <c>nft</c> inside.</summary>
    public string Run(string program, params string[] arguments) => Command.Run("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>From now on this host sends, and takes, data in a SYN; also of a peer it has not met before.</summary>
    public void AllowFastOpen() => Run("sh", "-c", "echo $((0x207)) > /proc/sys/net/ipv4/tcp_fastopen");

    /// <summary>From now on every <paramref name="nth"/> TCP packet that reaches this host is lost.</summary>
    public void LosePackets(int nth)
    {
        Run("nft", "add table inet loss");
        Run("nft", "add chain inet loss arriving { type filter hook input priority 0; }");
        Run("nft", $"add rule inet loss arriving meta l4proto tcp numgen inc mod {nth} == {nth - 1} drop");
    }

    /// <summary>From now on packets that reach this host interrupt whatever runs on that CPU, as a network card's do.</summary>
    public void TakePacketsInInterruptsOf(int cpu) =>
        Run("sh", "-c", $"echo {1UL << cpu:x} > /sys/class/net/eth0/queues/rx-0/rps_cpus");

    /// <summary>From now on this host's own device drops what two packets do not have room for.</summary>
    public void ShortenQueue() =>
        Run("tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", "50mbit", "burst", "4000", "limit", "4000");

    internal void Configure()
    {
        Run("ip", "link", "set", "lo", "up");
        Run("ip", "address", "add", $"{Ipv4}/24", "dev", "eth0");
        // nodad: an address still being checked for duplicates cannot be connected to
        Run("ip", "address", "add", $"{Ipv6}/64", "dev", "eth0", "nodad");
        Run("ip", "link", "set", "eth0", "up");
    }
}
