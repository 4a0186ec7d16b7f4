namespace Caretta.Aggregator.Cluster.Formation;

internal enum LeaseStep
{
    /// <summary>Somebody else holds it.</summary>
    Leave,

    /// <summary>There is none yet.</summary>
    Create,

    /// <summary>Its holder has been silent for its whole duration, or gave it back.</summary>
    Take,

    Renew,
}
