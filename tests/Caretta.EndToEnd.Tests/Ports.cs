using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Caretta.EndToEnd.Tests;

/// <summary>
/// Ports for what the specs start and listen at: another one each time, below those the kernel gives out, which it might give to the next who asks before
/// whom it is meant for has begun to listen. The programs see every network namespace, so that a port of another spec's would be the same link: that is why
/// also listeners in namespaces of their own take one from here, and runs beside this one begin elsewhere.
/// </summary>
internal static class Ports
{
    private const int First = 10_100; // browsers refuse to go to 10080, and to none above
    private const int PerRun = 220;

    private static readonly int Count = FirstOfTheKernels() - First;

    private static int _given = (Environment.ProcessId % 100 * PerRun) - 1;

    /// <summary>Nobody listens at it on this machine, at the moment.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _given) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            listener.Listen();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    /// <summary>Where it begins at 1024, or there is next to nothing below, the usual one has to do.</summary>
    private static int FirstOfTheKernels()
    {
        const int usual = 32_768;
        var range = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var first = int.Parse(range[0], CultureInfo.InvariantCulture);
        return first - First >= 5000 ? first : usual;
    }
}
