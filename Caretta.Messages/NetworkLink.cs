using System.Globalization;

namespace Caretta.Messages;

/// <summary>A directed edge client → server at a server port, as seen in one role. The unit of sharding and of every total.</summary>
public sealed record NetworkLink(Workload Client, Workload Server, ushort ServerPort, Role Role)
{
    private ulong _id;

    /// <summary>For <c>with</c>: the copy may differ, so the cached id stays behind.</summary>
    private NetworkLink(NetworkLink original) =>
        (Client, Server, ServerPort, Role) = (original.Client, original.Server, original.ServerPort, original.Role);

    /// <summary>Stable across versions and hosts; the value of the <c>link_id</c> label and the name of the link's actor.</summary>
    public ulong Id => _id != 0 ? _id : _id = StableHash.Of(
        "link",
        Client.Namespace, Client.Kind, Client.Name,
        Server.Namespace, Server.Kind, Server.Name,
        ServerPort.ToString(CultureInfo.InvariantCulture),
        ((int)Role).ToString(CultureInfo.InvariantCulture));

    /// <summary>The link as the host of one end sees it.</summary>
    /// <param name="role">Which end the local one is.</param>
    public static NetworkLink Between(Workload local, Workload remote, ushort serverPort, Role role) =>
        role == Role.Client ? new NetworkLink(local, remote, serverPort, role) : new NetworkLink(remote, local, serverPort, role);

    public bool Equals(NetworkLink? other) =>
        other is not null && ServerPort == other.ServerPort && Role == other.Role && Client.Equals(other.Client) && Server.Equals(other.Server);

    public override int GetHashCode() => Id.GetHashCode();
}
