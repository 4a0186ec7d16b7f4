namespace Caretta.Aggregator.Map.Answers;

/// <param name="Type">workload, namespace or rest.</param>
/// <param name="Workloads">How many it stands for.</param>
/// <param name="RateOut">Bytes a second.</param>
/// <param name="Active">Connections open now at either end.</param>
/// <param name="FailedRate">Connections a second.</param>
internal sealed record MapNode(
    string Id,
    string Type,
    string Namespace,
    string Kind,
    string Name,
    string Owner,
    int Workloads,
    bool External,
    double RateOut,
    double RateIn,
    ulong BytesOut,
    ulong BytesIn,
    ulong Active,
    ulong Opened,
    ulong Failed,
    double FailedRate);
