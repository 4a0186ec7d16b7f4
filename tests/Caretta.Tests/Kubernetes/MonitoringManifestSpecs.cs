using Caretta.Aggregator;
using Caretta.Tests.Architecture;
using k8s;
using k8s.Models;

namespace Caretta.Tests.Kubernetes;

/// <summary>What the operators of Prometheus and Grafana are given is what plain installations of these read.</summary>
public class MonitoringManifestSpecs
{
    private static readonly string Chart = Path.Combine(Checkout.Root, "k8s", "chart", "caretta");

    [Fact]
    public void The_PrometheusRules_are_the_rule_files()
    {
        var expected = "# Made by `make rules` of metrics/rules-links.yml and metrics/rules-alerts.yml: change these.\n"
            + Rule("caretta-links", "rules-links.yml") + "---\n" + Rule("caretta-alerts", "rules-alerts.yml");

        Assert.True(expected == File.ReadAllText(Path.Combine(Chart, "manifests", "rules", "rules.yaml")), "The rules have changed: make rules.");
    }

    [Fact]
    public async Task Each_dashboard_is_in_a_ConfigMap_that_the_sidecar_finds_and_that_has_room_for_it()
    {
        var files = Directory.GetFiles(Path.Combine(Chart, "dashboards"), "*.json").ToDictionary(file => Path.GetFileName(file), file => File.ReadAllText(file).Trim());
        var made = Rendering.Parse(await Rendering.OfChartAsync("dashboards.enabled=true")).OfType<V1ConfigMap>().Where(map => map.Data is not null).ToList();

        Assert.Equal(
            files.OrderBy(file => file.Key, StringComparer.Ordinal),
            made.SelectMany(map => map.Data).ToDictionary(one => one.Key, one => one.Value.Trim()).OrderBy(one => one.Key, StringComparer.Ordinal));
        Assert.All(made, map => Assert.Equal("1", map.Metadata.Labels["grafana_dashboard"]));
        Assert.All(files.Values, text => Assert.InRange(text.Length, 1, 900_000));
    }

    [Fact]
    public async Task Monitors_find_the_port_of_metrics_and_the_authority_that_members_have()
    {
        var objects = await Rendering.OfOverlayAsync("ha+monitoring");
        var (aggregators, agents) = (Text(objects, "ServiceMonitor"), Text(objects, "PodMonitor"));
        var members = objects.OfType<V1StatefulSet>().Single();
        var service = Assert.Single(objects.OfType<V1Service>(), one => one.Spec.Ports.Any(port => port.Name == "http"));
        var tls = members.Spec.Template.Spec.Volumes.Single(volume => volume.Name == "tls").Secret;

        Assert.Contains("port: http\n", aggregators, StringComparison.Ordinal);
        Assert.Contains($"serverName: {new AggregatorOptions().MemberName}\n", aggregators, StringComparison.Ordinal);
        Assert.Contains($"name: {tls.SecretName}\n", aggregators, StringComparison.Ordinal);
        Assert.Contains(tls.Items, item => item.Key == "ca.crt");
        Assert.Contains($"app.kubernetes.io/name: {service.Metadata.Labels["app.kubernetes.io/name"]}\n", aggregators, StringComparison.Ordinal);
        Assert.Contains("port: http\n", agents, StringComparison.Ordinal);
        Assert.Contains(objects.OfType<V1DaemonSet>().Single().Spec.Template.Spec.Containers[0].Ports, port => port.Name == "http");
    }

    [Fact]
    public async Task A_clusters_name_is_a_label_of_all_that_is_scraped()
    {
        var made = Rendering.Parse(await Rendering.OfChartAsync("serviceMonitor.enabled=true", "clusterName=blue", "serviceMonitor.labels.release=prom", "serviceMonitor.interval=30s"));

        Assert.All(made.Where(one => one.Kind.EndsWith("Monitor", StringComparison.Ordinal)), one =>
        {
            var text = KubernetesYaml.Serialize(one);
            Assert.Contains("replacement: blue\n", text, StringComparison.Ordinal);
            Assert.Contains("targetLabel: cluster\n", text, StringComparison.Ordinal);
            Assert.Contains("interval: 30s\n", text, StringComparison.Ordinal);
            Assert.Equal("prom", one.Metadata.Labels["release"]);
        });
    }

    private static string Text(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects, string kind) => KubernetesYaml.Serialize(objects.OfType<CustomObject>().Single(one => one.Kind == kind));

    private static string Rule(string name, string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Chart, "metrics", file)).Where(line => !line.StartsWith('#')).Select(line => line.Length == 0 ? "" : $"  {line}");
        return $"""
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: {name}
              namespace: caretta
            spec:

            """.Replace("\r", "", StringComparison.Ordinal) + string.Join('\n', lines) + "\n";
    }
}
