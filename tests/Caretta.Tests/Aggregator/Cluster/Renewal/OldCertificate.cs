using Caretta.Aggregator.Cluster.Renewal;

namespace Caretta.Tests.Aggregator.Cluster.Renewal;

/// <summary>One that was renewed when a spec says so, for everybody who started before.</summary>
internal sealed class OldCertificate : IShownCertificate
{
    public volatile bool Renewed;

    public bool IsOutdated => Renewed;

    public DateTimeOffset Expires { get; } = DateTimeOffset.UtcNow.AddDays(30);
}
