using System.Net;

namespace Caretta.Aggregator.Security.Http;

/// <summary>The peers whose word on a user is taken.</summary>
internal sealed class ProxyNetworks(IReadOnlyList<IPNetwork> networks)
{
    /// <exception cref="FormatException">One is no network.</exception>
    public static ProxyNetworks Parse(string setting) =>
        new([.. setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Network)]);

    public bool Contain(IPAddress? peer)
    {
        var address = peer is { IsIPv4MappedToIPv6: true } ? peer.MapToIPv4() : peer;
        return address is not null && networks.Any(network => network.Contains(address));
    }

    private static IPNetwork Network(string text) => IPNetwork.TryParse(text, out var network)
        ? network
        : throw new FormatException($"'{text}' is no network. Write an address, a slash and the length of the prefix; one address is 10.0.0.1/32.");
}
