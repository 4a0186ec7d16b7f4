namespace Caretta.Aggregator.Cluster.Renewal;

/// <param name="Settled">A new certificate is there for so long: by then every member has it, and its authority, on its disk.</param>
/// <param name="Quiet">Nothing has changed among the members for so long: whoever restarted last has its share of the shards again.</param>
/// <param name="Late">So long before the end it no longer matters whether some member is away.</param>
internal sealed record RenewalSettings(TimeSpan Settled, TimeSpan Quiet, TimeSpan Late)
{
    public static RenewalSettings Default { get; } = new(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(1), TimeSpan.FromDays(2));
}
