using k8s;
using k8s.Models;

namespace Caretta.Tests.Kubernetes;

/// <summary>Chart and overlays are made of the same files; that they also come to the same is said here.</summary>
public class ChartSpecs
{
    private static readonly string[] OfHelm = ["app.kubernetes.io/part-of", "app.kubernetes.io/managed-by", "app.kubernetes.io/instance", "helm.sh/chart"];

    /// <summary>The chart's values always say them; overlays leave most to the defaults.</summary>
    private static readonly string[] Said = ["POLLINTERVAL", "CLIMBOWNERS", "REVERSEDNS", "JOURNAL", "POSTGRESQL"];

    [Theory]
    [InlineData("single")]
    [InlineData("unload", "unload=true")]
    [InlineData("ha", "postgresql.enabled=true", "aggregator.replicas=3", "postgresql.connection=Host=db;Database=caretta;Username=caretta")]
    public async Task The_chart_makes_the_objects_of_the_overlay(string overlay, params string[] values)
    {
        var wanted = (await Rendering.OfOverlayAsync(overlay)).Where(one => one is not (V1Namespace { Metadata.Name: "caretta" } or V1ConfigMap { Data.Count: > 0 }));
        var made = Rendering.Parse(await Rendering.OfChartAsync(values)).ToDictionary(Name, Plain);

        Assert.All(wanted, one => Assert.Equal(Plain(one), made[Name(one)]));
        Assert.True(overlay == "unload" || made.Count == wanted.Count());
    }

    [Theory]
    [InlineData("polInterval=5")]
    [InlineData("pollIntervalSeconds=0")]
    [InlineData("aggregator.replicas=3")]
    [InlineData("postgresql.enabled=true")]
    [InlineData("postgresql.connection=Host=db;Password=secret")]
    public async Task Values_that_cannot_work_are_refused(string value)
    {
        var refused = await Record.ExceptionAsync(() => Rendering.OfChartAsync(value));

        Assert.IsType<Xunit.Sdk.TrueException>(refused);
    }

    private static string Name(IKubernetesObject<V1ObjectMeta> one) => $"{one.Kind} {one.Metadata.NamespaceProperty}/{one.Metadata.Name}";

    private static string Plain(IKubernetesObject<V1ObjectMeta> one)
    {
        one.Metadata.Labels = one.Metadata.Labels?.Where(label => !OfHelm.Contains(label.Key)).ToDictionary() is { Count: > 0 } labels ? labels : null;
        foreach (var (_, _, template) in Rendering.Pods([one]))
        {
            var (pod, container) = (template.Spec, template.Spec.Containers.Single());
            pod.Tolerations = pod.Tolerations is { Count: > 0 } ? pod.Tolerations : null;
            pod.Volumes = pod.Volumes?.OrderBy(volume => volume.Name, StringComparer.Ordinal).ToList();
            foreach (var volume in pod.Volumes ?? [])
            {
                volume.ConfigMap?.Optional = null;
            }

            container.ImagePullPolicy = null;
            container.VolumeMounts = container.VolumeMounts?.OrderBy(mount => mount.Name, StringComparer.Ordinal).ToList();
            container.Env = [.. container.Env.Where(variable => !Said.Contains(variable.Name.Split('_')[^1])).OrderBy(variable => variable.Name, StringComparer.Ordinal)];
        }

        return KubernetesYaml.Serialize(one);
    }
}
