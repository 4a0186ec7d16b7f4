using k8s;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Finds the API server as the settings say.</summary>
internal static class ApiAccess
{
    private const string Setting = $"{AggregatorOptions.Section}:{nameof(AggregatorOptions.Kubernetes)}";

    /// <returns>Null if the settings want no cluster.</returns>
    /// <exception cref="StartRefusedException">What it takes is missing or cannot be read.</exception>
    public static KubernetesClientConfiguration? Configuration(AggregatorOptions options) => options.Kubernetes switch
    {
        KubernetesAccess.InCluster => InCluster(),
        KubernetesAccess.KubeConfig => KubeConfig(options.KubeConfigFile),
        KubernetesAccess.ApiServer => new KubernetesClientConfiguration { Host = options.ApiServer!.AbsoluteUri },
        _ => null,
    };

    private static KubernetesClientConfiguration InCluster()
    {
        if (!KubernetesClientConfiguration.IsInCluster())
        {
            throw new StartRefusedException(
                $"{Setting} is InCluster, but this is no pod of a cluster with a service account: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT "
                + "and token and ca.crt in /var/run/secrets/kubernetes.io/serviceaccount are needed. In a pod, leave automountServiceAccountToken "
                + $"on; elsewhere, set {Setting} to KubeConfig or Off.");
        }

        return Read("the service account", KubernetesClientConfiguration.InClusterConfig);
    }

    private static KubernetesClientConfiguration KubeConfig(string file)
    {
        if (!File.Exists(file))
        {
            throw new StartRefusedException(
                $"{Setting} is KubeConfig, but there is no file '{file}'. "
                + $"Set {AggregatorOptions.Section}:{nameof(AggregatorOptions.KubeConfigFile)} to a kubeconfig, or {Setting} to InCluster or Off.");
        }

        return Read(file, () => KubernetesClientConfiguration.BuildConfigFromConfigFile(file));
    }

    private static KubernetesClientConfiguration Read(string what, Func<KubernetesClientConfiguration> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) // of any kind: an empty file is a NullReferenceException to the client
        {
            throw new StartRefusedException($"{Setting}: {what} cannot be used: {unreadable.Message}");
        }
    }
}
