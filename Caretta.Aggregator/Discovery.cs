namespace Caretta.Aggregator;

/// <summary>How the members of the cluster find each other.</summary>
public enum Discovery
{
    /// <summary>They are listed in the settings.</summary>
    Static,

    /// <summary>By the labels of their pods; the holder of a Lease begins the cluster.</summary>
    Kubernetes,
}
