using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>What kubectl applies of the overlay "single", read from the same files.</summary>
internal static partial class Manifests
{
    private const string Agent = "chart/caretta/manifests/agents/daemonset.yaml";
    private const string Members = "chart/caretta/manifests/aggregators/statefulset.yaml";
    private const string Certificate = "chart/caretta/manifests/aggregators/certificates.yaml";

    public static string NodeImage => $"caretta-node:{Tag("agents")}";

    public static string AggregatorImage => $"caretta-aggregator:{Tag("aggregators")}";

    /// <summary>A new copy each time.</summary>
    public static V1PodSpec Agents() => Read<V1DaemonSet>(Agent).Spec.Template.Spec;

    /// <summary>As overlays/unload changes them.</summary>
    public static V1PodSpec Unloading()
    {
        var (pod, patch) = (Agents(), Read<V1DaemonSet>("overlays/unload/agents.yaml").Spec.Template.Spec.Containers.Single());
        pod.Containers.Single().Args = patch.Args;
        pod.Containers.Single().ReadinessProbe = patch.ReadinessProbe;
        return pod;
    }

    /// <summary>As overlays/single changes them.</summary>
    public static V1PodSpec Aggregators()
    {
        var (pod, single) = (Read<V1StatefulSet>(Members).Spec.Template.Spec, Read<V1StatefulSet>("overlays/single/journal.yaml").Spec);
        var (container, patch) = (pod.Containers.Single(), single.Template.Spec.Containers.Single());
        container.Env = [.. container.Env, .. patch.Env];
        container.VolumeMounts = [.. container.VolumeMounts, .. patch.VolumeMounts];
        var claims = single.VolumeClaimTemplates.Select(claim => new V1Volume
        {
            Name = claim.Metadata.Name,
            PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim.Metadata.Name },
        });
        pod.Volumes = [.. pod.Volumes, .. claims];
        return pod;
    }

    public static V1PodSpec CertificatesJob() => KubernetesYaml.Deserialize<V1Job>(Document(Certificate, "Job"), strict: true).Spec.Template.Spec;

    /// <summary>What the job fills, or changes, as it is before: RESOURCE/NAMESPACE/NAME.</summary>
    public static IReadOnlyList<string> OfTheJob =>
    [
        .. Documents(Certificate).Where(text => text.Contains("\nkind: Secret\n", StringComparison.Ordinal))
            .Select(text => Key("secrets", KubernetesYaml.Deserialize<V1Secret>(text).Metadata)),
        Key("configmaps", Read<V1ConfigMap>("chart/caretta/manifests/agents/authorities.yaml").Metadata),
        Key("statefulsets", Read<V1StatefulSet>(Members).Metadata),
    ];

    /// <summary>As a kubelet gives a Localhost profile on.</summary>
    public static JsonNode SeccompProfile() => JsonNode.Parse(File.ReadAllText(PathOf("chart/caretta/manifests/openshift/seccomp.json")))!;

    /// <summary>Of what agents dial.</summary>
    public static string AggregatorName => new Uri(Agents().Containers.Single().Env.Single(variable => variable.Name == "CARETTA__NODE__AGGREGATOR").Value).Host;

    private static string Key(string resource, V1ObjectMeta of) => $"{resource}/{of.NamespaceProperty}/{of.Name}";

    private static string Tag(string part) => NewTag().Match(File.ReadAllText(PathOf($"chart/caretta/manifests/{part}/kustomization.yaml"))).Groups["tag"].Value;

    private static string PathOf(string file) => Path.Combine(BuiltImages.Checkout, "k8s", file);

    private static T Read<T>(string file) => KubernetesYaml.Deserialize<T>(File.ReadAllText(PathOf(file)), strict: true);

    private static IEnumerable<string> Documents(string file) => File.ReadAllText(PathOf(file)).Split("\n---\n").Select(text => $"\n{text}");

    private static string Document(string file, string kind) => Documents(file).Single(text => text.Contains($"\nkind: {kind}\n", StringComparison.Ordinal));

    [GeneratedRegex(@"newTag: (?<tag>\S+)")]
    private static partial Regex NewTag();
}
