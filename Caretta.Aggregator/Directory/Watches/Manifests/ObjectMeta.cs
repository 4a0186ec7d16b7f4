namespace Caretta.Aggregator.Directory.Watches.Manifests;

/// <summary>Of an object's metadata, what is looked at. Here and in the other manifests anything may be missing.</summary>
internal sealed record ObjectMeta(
    string? Name,
    string? Namespace,
    string? Uid,
    string? ResourceVersion,
    DateTimeOffset? CreationTimestamp,
    Dictionary<string, string>? Labels,
    Dictionary<string, string>? Annotations,
    IReadOnlyList<OwnerReference?>? OwnerReferences);
