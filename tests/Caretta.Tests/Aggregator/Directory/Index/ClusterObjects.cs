using System.Security.Cryptography;
using System.Text;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>Objects of namespace shop, made at a second of the directory's clock. The same name gives the same uid.</summary>
internal static class ClusterObjects
{
    public const string Namespace = "shop";

    public static Guid Uid(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    public static TimeSpan Second(double second) => TimeSpan.FromSeconds(second);

    public static ClusterPod Pod(string name, params string[] addresses) => Pod(name, 0, addresses);

    public static ClusterPod Pod(string name, double createdAt, params string[] addresses) =>
        new(Uid(name), Namespace, name, Second(createdAt)) { Addresses = Parsed(addresses) };

    public static ClusterPod FinishedAt(this ClusterPod pod, double second) => pod with { FinishedAt = Second(second) };

    public static ClusterPod Of(this ClusterPod pod, string kind, string owner) => pod with { Controller = Ref(kind, owner) };

    public static ControllerRef Ref(string kind, string owner) => new(kind, owner, Uid(owner));

    public static ClusterController Controller(ObjectKind kind, string name, ControllerRef? controller = null) =>
        new(kind, Uid(name), Namespace, name, TimeSpan.Zero) { Controller = controller };

    public static ClusterNode NodeNamed(string name, params string[] addresses) => new(Uid(name), name, TimeSpan.Zero, Parsed(addresses));

    public static ClusterService Service(string name, params string[] addresses) => Service(name, 0, addresses);

    public static ClusterService Service(string name, double createdAt, params string[] addresses) =>
        new(Uid(name), Namespace, name, Second(createdAt), Parsed(addresses));

    public static ClusterEndpoints Endpoints(string name, string service, params string[] addresses) =>
        new(Uid(name), Namespace, name, TimeSpan.Zero, service, Parsed(addresses));

    private static Address[] Parsed(string[] addresses) => [.. addresses.Select(Address.Parse)];
}
