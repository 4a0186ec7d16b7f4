using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>A workload and an external it has a link with, by their <see cref="Workload.Id"/>.</summary>
internal readonly record struct GrantPair(ulong Local, ulong External)
{
    public static GrantPair Of(Workload local, Workload external) => new(local.Id, external.Id);
}
