using System.Net;

namespace Caretta.Node.Forward;

/// <summary>One aggregator that can be dialled: an endpoint of the setting and one of the addresses its name has just now.</summary>
/// <param name="Endpoint">Also says whose certificate is expected, however many addresses the name has.</param>
public sealed record MemberAddress(Uri Endpoint, IPAddress Address)
{
    /// <summary>Two names of one socket are one member.</summary>
    public IPEndPoint Socket { get; } = new(Address, Endpoint.Port);

    public override string ToString() => Endpoint.Host == $"{Address}" ? $"{Endpoint.Authority}" : $"{Endpoint.Authority} ({Address})";
}
