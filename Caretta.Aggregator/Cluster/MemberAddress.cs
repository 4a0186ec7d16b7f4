using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Caretta.Aggregator.Cluster;

/// <summary>Where a member is reached by the others: its AdvertisedHost and RemotePort. Whoever restarts there is another member.</summary>
internal readonly record struct MemberAddress(string Host, int Port)
{
    /// <param name="host">A name or an address; one of IPv6 as people write it, or as Akka does, in brackets.</param>
    public static MemberAddress At(string host, int port) => new(
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host, port);

    public static MemberAddress Of(Address address) => new(address.Host, address.Port ?? 0);

    public Address ToAkka(Address self) => new(self.Protocol, self.System, Host, Port);

    public override string ToString() => $"{Host}:{Port}";
}
