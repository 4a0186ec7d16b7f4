namespace Caretta.Aggregator;

/// <summary>How the API server of the cluster is reached that the directory knows.</summary>
public enum KubernetesAccess
{
    /// <summary>There is no cluster: the directory answers nothing, and agents name what they see by themselves.</summary>
    Off,

    /// <summary>With the service account of the pod the aggregator runs in.</summary>
    InCluster,

    /// <summary>With the current context of a kubeconfig file.</summary>
    KubeConfig,

    /// <summary>By its address alone, without credentials: through <c>kubectl proxy</c>, or in tests.</summary>
    ApiServer,
}
