using Akka.Actor;

namespace Caretta.Aggregator.Cluster;

/// <summary>Where a member is reached by the others: its AdvertisedHost and RemotePort. Whoever restarts there is another member.</summary>
internal readonly record struct MemberAddress(string Host, int Port)
{
    public static MemberAddress Of(Address address) => new(address.Host, address.Port ?? 0);

    public Address ToAkka(Address self) => new(self.Protocol, self.System, Host, Port);

    public override string ToString() => $"{Host}:{Port}";
}
