using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>An index, what it is told, and the second it is told at.</summary>
internal sealed class SmallCluster(IndexSettings? settings = null)
{
    public static readonly ObjectKind[] AllKinds = Enum.GetValues<ObjectKind>();

    public WorkloadIndex Index { get; } = new(settings ?? new IndexSettings());

    public TimeSpan Now { get; private set; }

    /// <summary>All kinds are listed at second 0; none has objects but these.</summary>
    public static SmallCluster Listed(params ClusterObject[] objects)
    {
        var cluster = new SmallCluster();
        foreach (var kind in AllKinds)
        {
            cluster.List(kind, mayHaveMissed: false, [.. objects.Where(listed => listed.Kind == kind)]);
        }

        return cluster;
    }

    public SmallCluster At(double second)
    {
        Now = TimeSpan.FromSeconds(second);
        return this;
    }

    public SmallCluster Put(params ClusterObject[] objects)
    {
        foreach (var told in objects)
        {
            Index.Put(told, Now);
        }

        return this;
    }

    public SmallCluster Delete(ObjectKind kind, string name)
    {
        Index.Delete(kind, ClusterObjects.Uid(name), Now);
        return this;
    }

    public SmallCluster List(ObjectKind kind, bool mayHaveMissed, params ClusterObject[] objects)
    {
        Index.BeginList(kind, mayHaveMissed, Now);
        Put(objects);
        Index.EndList(kind, Now);
        return this;
    }

    /// <summary>Who has it now.</summary>
    public string Who(string address) => WhoAt(address, Now.TotalSeconds);

    public string WhoAt(string address, double second) => At(Subject.Of(Address.Parse(address)), second);

    public string WhoIsPod(string name) => WhoIsPodAt(name, Now.TotalSeconds);

    public string WhoIsPodAt(string name, double second) => At(Subject.OfPod(ClusterObjects.Uid(name)), second);

    /// <summary>All that is said of it since a time.</summary>
    public string[] History(string address, double from) =>
        [.. Index.TimelineOf(Subject.Of(Address.Parse(address)), TimeSpan.FromSeconds(from), Now).Entries
            .Select(entry => $"{entry.From.TotalSeconds}: {Said(entry)}")];

    private static string Said(TimelineEntry entry) => entry.Workload is { } workload
        ? $"{workload.Namespace}/{workload.Kind}/{workload.Name}{(workload.Owner.Length > 0 ? $" of {workload.Owner}" : "")}"
        : entry.Knowledge.ToString();

    private string At(Subject subject, double second)
    {
        var time = TimeSpan.FromSeconds(second);
        return Said(Index.TimelineOf(subject, time, Now).At(time));
    }
}
