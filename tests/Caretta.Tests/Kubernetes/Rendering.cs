using System.Collections.Concurrent;
using System.Diagnostics;
using Caretta.Tests.Architecture;
using k8s;
using k8s.Models;

namespace Caretta.Tests.Kubernetes;

/// <summary>The manifests as they are applied: what kubectl makes of an overlay.</summary>
internal static class Rendering
{
    /// <summary>Set to 1 where everything must run.</summary>
    private const string Required = "CARETTA_REQUIRE_PRIVILEGED";

    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/ServiceAccount"] = typeof(V1ServiceAccount),
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["v1/Secret"] = typeof(V1Secret),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/DaemonSet"] = typeof(V1DaemonSet),
        ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["batch/v1/Job"] = typeof(V1Job),
        ["batch/v1/CronJob"] = typeof(V1CronJob),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["rbac.authorization.k8s.io/v1/ClusterRole"] = typeof(V1ClusterRole),
        ["rbac.authorization.k8s.io/v1/ClusterRoleBinding"] = typeof(V1ClusterRoleBinding),
        ["rbac.authorization.k8s.io/v1/Role"] = typeof(V1Role),
        ["rbac.authorization.k8s.io/v1/RoleBinding"] = typeof(V1RoleBinding),
        ["scheduling.k8s.io/v1/PriorityClass"] = typeof(V1PriorityClass),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(CustomObject),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(CustomObject),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(CustomObject),
        ["cert-manager.io/v1/Certificate"] = typeof(CustomObject),
        ["security.openshift.io/v1/SecurityContextConstraints"] = typeof(Constraints),
    };

    private static readonly ConcurrentDictionary<string, Task<string>> Rendered = [];

    /// <summary>Its objects. A field that Kubernetes does not know, or a kind that these specs do not, fails here.</summary>
    /// <param name="overlay">Its name, and those of components that somebody adds: ha+ipv6.</param>
    public static async Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> OfOverlayAsync(string overlay) => Parse(await Rendered.GetOrAdd(overlay, OverlayAsync));

    /// <summary>The objects of one folder of k8s.</summary>
    public static async Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> OfFolderAsync(params string[] folder) =>
        Parse(await RunAsync("kubectl", "kustomize", Path.Combine([Checkout.Root, "k8s", .. folder])));

    /// <summary>What kubectl makes of an object by a patch.</summary>
    public static async Task<T> PatchedAsync<T>(T one, params string[] patchFile)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, KubernetesYaml.Serialize(one));
            var patch = Path.Combine([Checkout.Root, "k8s", .. patchFile]);
            return (T)Parse(await RunAsync("kubectl", "patch", "--local", "--filename", file, "--patch-file", patch, "--output", "yaml")).Single();
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What helm makes of the chart.</summary>
    /// <param name="values">name=value.</param>
    public static Task<string> OfChartAsync(params IEnumerable<string> values) => RunAsync(
        "helm",
        ["template", "caretta", Path.Combine(Checkout.Root, "k8s", "chart", "caretta"), "--namespace", "caretta", .. values.SelectMany(value => new[] { "--set", value })]);

    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Parse(string yaml) =>
        [.. KubernetesYaml.LoadAllFromString(yaml, Kinds, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];

    /// <summary>Every template of pods.</summary>
    public static IEnumerable<(string Namespace, string Name, V1PodTemplateSpec Template)> Pods(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects) =>
        from one in objects
        let template = one switch
        {
            V1DaemonSet set => set.Spec.Template,
            V1StatefulSet set => set.Spec.Template,
            V1Deployment deployment => deployment.Spec.Template,
            V1Job job => job.Spec.Template,
            V1CronJob job => job.Spec.JobTemplate.Spec.Template,
            _ => null,
        }
        where template is not null
        select (one.Metadata.NamespaceProperty, $"{one.Kind} {one.Metadata.Name}", template);

    /// <summary>As an overlay of somebody's own would have it.</summary>
    private static async Task<string> OverlayAsync(string overlay)
    {
        var parts = overlay.Split('+');
        var own = Directory.CreateTempSubdirectory("caretta-overlay-").FullName;
        try
        {
            var k8s = Path.GetRelativePath(own, Path.Combine(Checkout.Root, "k8s"));
            await File.WriteAllTextAsync(
                Path.Combine(own, "kustomization.yaml"),
                $"""
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [{k8s}/overlays/{parts[0]}]
                components: [{string.Join(", ", parts[1..].Select(component => $"{k8s}/components/{component}"))}]
                """);
            return await RunAsync("kubectl", "kustomize", own);
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    /// <summary>Those that .ci/prepare brings first, so that everybody's are of one version.</summary>
    private static string Find(string program) =>
        Path.Combine(Checkout.Root, "tests", "Tools", "bin", program, program) is var own && File.Exists(own) ? own : program;

    private static async Task<string> RunAsync(string program, params string[] args)
    {
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo(Find(program), args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable(Required) != "1", $"{program} is not installed here: manifests cannot be rendered.");
            throw;
        }

        using (process)
        {
            var errors = process!.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await errors);
            return output;
        }
    }
}
