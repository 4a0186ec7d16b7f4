namespace Caretta.Aggregator.Cluster.Renewal;

/// <summary>The certificate that this process shows other members: the one of its start.</summary>
internal interface IShownCertificate
{
    /// <summary>A newer one lies on the disk.</summary>
    bool IsOutdated { get; }

    DateTimeOffset Expires { get; }
}
