using k8s;
using k8s.Models;

namespace Caretta.Tests.Kubernetes;

/// <summary>Of a kind that somebody else's operator brings: what its spec may hold, he knows.</summary>
public sealed class CustomObject : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public object? Spec { get; set; }
}
