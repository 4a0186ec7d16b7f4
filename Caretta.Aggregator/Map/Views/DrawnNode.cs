using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Views;

/// <summary>A workload, a namespace, or all that is not drawn by itself. One object each: compared by reference.</summary>
internal sealed class DrawnNode
{
    private readonly MapWorkload? _workload;
    private readonly string _namespace;

    private DrawnNode(string id, MapWorkload? workload, string ns) => (Id, _workload, _namespace) = (id, workload, ns);

    public string Id { get; }

    public bool IsWorkload => _workload is not null;

    public bool IsExternal { get; private set; }

    /// <summary>How many it stands for.</summary>
    public int Workloads { get; set; }

    /// <summary>From the focus; 0 without one.</summary>
    public int Hops { get; set; }

    public NodeSums Sums { get; } = new();

    public static DrawnNode Of(MapWorkload workload) => new(workload.Id, workload, workload.Workload.Namespace) { IsExternal = workload.IsExternal };

    public static DrawnNode OfNamespace(string name, bool isExternal) => new(MapIds.OfNamespace(name), null, name) { IsExternal = isExternal };

    public static DrawnNode Rest() => new(MapIds.Rest, null, "");

    public MapNode ToDto() => _workload is not null ? Dtos.Of(_workload, Sums)
        : Id == MapIds.Rest ? Dtos.Node(Id, MapIds.Rest, "", "", "", "", Workloads, false, Sums)
        : Dtos.Node(Id, "namespace", _namespace, "", _namespace, "", Workloads, IsExternal, Sums);
}
