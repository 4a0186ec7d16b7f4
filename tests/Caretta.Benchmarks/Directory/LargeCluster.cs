using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Benchmarks.Directory;

/// <summary>
/// As large as Kubernetes is tested to be. Made anew, kind by kind, for each list, so that nothing of it outlives what the index keeps. Pods come
/// before their controllers, which is the dearer order.
/// </summary>
internal static class LargeCluster
{
    public const int Pods = 150_000;
    public const int ReplicaSets = 50_000;
    public const int Deployments = 25_000;
    public const int Services = 10_000;
    public const int Nodes = 5_000;
    private const int Namespaces = 500;
    private const uint PodNetwork = 0x0A00_0000;
    private const uint ServiceNetwork = 0xAC10_0000;
    private const uint NodeNetwork = 0xC0A8_0000;

    public static int Objects => Pods + ReplicaSets + Deployments + Services + Nodes;

    /// <returns>The time the index takes, without making the objects.</returns>
    public static TimeSpan Load(WorkloadIndex index, TimeSpan now) =>
        List(index, ObjectKind.Pod, Pods, Pod, now)
        + List(index, ObjectKind.ReplicaSet, ReplicaSets, ReplicaSet, now)
        + List(index, ObjectKind.Deployment, Deployments, Deployment, now)
        + List(index, ObjectKind.Service, Services, Service, now)
        + List(index, ObjectKind.EndpointSlice, 0, Service, now)
        + List(index, ObjectKind.Node, Nodes, Node, now);

    public static Address PodAddress(int number) => Ip(PodNetwork + (uint)number);

    private static TimeSpan List(WorkloadIndex index, ObjectKind kind, int count, Func<int, ClusterObject> make, TimeSpan now)
    {
        var objects = Enumerable.Range(0, count).Select(make).ToArray();
        var began = Stopwatch.GetTimestamp();
        index.BeginList(kind, mayHaveMissed: false, now);
        foreach (var listed in objects)
        {
            index.Put(listed, now);
        }

        index.EndList(kind, now);
        return Stopwatch.GetElapsedTime(began);
    }

    private static ClusterPod Pod(int number) =>
        new(Uid(ObjectKind.Pod, number), Namespace(number % ReplicaSets), Name("service", number, "-7d9f8b6c5d-x2x4z"), TimeSpan.FromSeconds(-number))
        {
            Addresses = [PodAddress(number)],
            Controller = Ref("ReplicaSet", ObjectKind.ReplicaSet, number % ReplicaSets, "-7d9f8b6c5d"),
        };

    private static ClusterController ReplicaSet(int number) => Controller(ObjectKind.ReplicaSet, number, "-7d9f8b6c5d") with
    {
        Controller = Ref("Deployment", ObjectKind.Deployment, number % Deployments, ""),
    };

    private static ClusterController Deployment(int number) => Controller(ObjectKind.Deployment, number, "");

    private static ClusterController Controller(ObjectKind kind, int number, string suffix) =>
        new(kind, Uid(kind, number), Namespace(number), Name("service", number, suffix), TimeSpan.FromSeconds(-number));

    private static ControllerRef Ref(string kindName, ObjectKind kind, int number, string suffix) =>
        new(kindName, Name("service", number, suffix), Uid(kind, number));

    private static ClusterService Service(int number) =>
        new(Uid(ObjectKind.Service, number), Namespace(number), Name("service", number, ""), TimeSpan.FromSeconds(-number), [Ip(ServiceNetwork + (uint)number)]);

    private static ClusterNode Node(int number) =>
        new(Uid(ObjectKind.Node, number), Name("node", number, ""), TimeSpan.FromSeconds(-number), [Ip(NodeNetwork + (uint)number)]);

    /// <summary>Of all that belong to one deployment the same; a string of its own each time, as parsing gives.</summary>
    private static string Namespace(int number) => string.Create(CultureInfo.InvariantCulture, $"team-{number % Deployments % Namespaces}");

    private static string Name(string prefix, int number, string suffix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}{suffix}");

    private static Guid Uid(ObjectKind kind, int number)
    {
        Span<byte> uid = stackalloc byte[16];
        new Random(((int)kind << 24) + number).NextBytes(uid);
        return new Guid(uid);
    }

    private static Address Ip(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new Address(bytes);
    }
}
