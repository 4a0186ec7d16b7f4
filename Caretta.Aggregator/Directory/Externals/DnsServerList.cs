using System.Net;
using System.Net.Sockets;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>The DNS servers an operator named.</summary>
internal static class DnsServerList
{
    private const int DnsPort = 53;

    /// <param name="text">ip or ip:port, separated by commas; empty for none.</param>
    /// <exception cref="FormatException">The message names the entry and says what would do.</exception>
    public static IReadOnlyList<IPEndPoint> Parse(string text) =>
        text.Length == 0 ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseServer)];

    private static IPEndPoint ParseServer(string entry)
    {
        if (!IPEndPoint.TryParse(entry, out var server) || IsShortened(entry, server))
        {
            throw new FormatException($"'{entry}' is no DNS server. Write its address, with a port if it is not 53: 10.0.0.10, [fd00::10]:5353.");
        }

        return server.Port == 0 ? new IPEndPoint(server.Address, DnsPort) : server;
    }

    /// <summary>10.0.0 is read as 10.0.0.0, which nobody means.</summary>
    private static bool IsShortened(string entry, IPEndPoint server) =>
        server.AddressFamily == AddressFamily.InterNetwork && entry.Count(letter => letter == '.') != 3;
}
