namespace Caretta.EndToEnd.Tests.Hosts;

public enum Family
{
    Ipv4,
    Ipv6,

    /// <summary>An IPv6 socket that talks IPv4.</summary>
    Mapped,
}
