using System.Net;
using System.Net.Sockets;
using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>Networks in CIDR notation; an address without a length is a network of its own.</summary>
/// <param name="entries">None of which has a fault.</param>
internal sealed class Networks(IReadOnlyList<string> entries)
{
    private readonly List<IPNetwork> _networks = [.. entries.Select(entry => Parse(entry)!.Value)];

    public bool IsEmpty => _networks.Count == 0;

    /// <inheritdoc cref="NamePatterns.FaultOf"/>
    public static string? FaultOf(string entry) => Parse(entry) is not null
        ? null
        : "is no network: write it as 10.0.0.0/8 or fd00::/8, with zeros after the prefix, or a single address.";

    public bool Contain(Address address)
    {
        var ip = address.ToIPAddress();
        return _networks.Any(network => network.Contains(ip));
    }

    private static IPNetwork? Parse(string entry)
    {
        if (IPNetwork.TryParse(entry, out var network))
        {
            return HasZeroesAfterPrefix(entry, network) ? network : null;
        }

        return !entry.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(entry, out var address)
            ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            : null;
    }

    /// <summary>What is written must be the network itself: 10.1.2.3/8 may be meant as either.</summary>
    private static bool HasZeroesAfterPrefix(string entry, IPNetwork network) =>
        IPAddress.TryParse(entry.Split('/')[0], out var written) && written.Equals(network.BaseAddress);
}
