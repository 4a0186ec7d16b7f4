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
    public async Task The_metrics_stack_reads_the_shipped_files_and_its_parts_reach_each_other()
    {
        var objects = await Rendering.OfOverlayAsync("single+victoria-metrics+grafana");
        var maps = objects.OfType<V1ConfigMap>().Where(map => map.Data is not null).ToDictionary(map => map.Metadata.Name, map => map.Data);
        var pods = Rendering.Pods(objects).Where(pod => pod.Name.Split(' ')[1] is "caretta-victoria-metrics" or "caretta-vmalert" or "caretta-grafana").ToList();
        var services = objects.OfType<V1Service>().ToDictionary(service => $"{service.Metadata.Name}.{service.Metadata.NamespaceProperty}.svc", service => service.Spec.Ports[0].Port);

        Assert.Equal(3, pods.Count);
        Assert.Equal(["rules-alerts.yml", "rules-links.yml"], maps["caretta-rules"].Keys.Order());
        Assert.All(maps["caretta-rules"].Concat(maps["caretta-scrape"]), file => Assert.Equal(File.ReadAllText(Path.Combine(Chart, "metrics", file.Key)), file.Value));
        Assert.All(pods.SelectMany(pod => pod.Template.Spec.Volumes), volume => Assert.All(
            (volume.Projected?.Sources.Select(source => source.ConfigMap.Name) ?? [volume.ConfigMap?.Name]).OfType<string>(), name => Assert.Contains(name, maps.Keys)));
        var dialled = pods.SelectMany(pod => pod.Template.Spec.Containers[0].Args ?? []).Concat(maps["caretta-grafana"].Values.SelectMany(text => text.Split(' ', '\n')))
            .Select(text => text[Math.Max(text.IndexOf("http://", StringComparison.Ordinal), 0)..]).Where(text => text.StartsWith("http://", StringComparison.Ordinal)).Select(text => new Uri(text)).ToList();
        Assert.Equal(4, dialled.Count);
        Assert.All(dialled, url => Assert.Equal(services[url.Host], url.Port));
        Assert.All(pods, pod => Assert.All(pod.Template.Spec.Containers[0].VolumeMounts, mount => Assert.True(
            mount.Name == "storage" || pod.Template.Spec.Volumes.Any(volume => volume.Name == mount.Name))));
    }

    [Fact]
    public async Task What_scrapes_is_let_in_where_it_scrapes()
    {
        var policies = (await Rendering.OfOverlayAsync("single+victoria-metrics+grafana")).OfType<V1NetworkPolicy>().ToList();

        Assert.Equal(["7117"], Ports("caretta-aggregator-scraped"));
        Assert.Equal(["7120"], Ports("caretta-node-scraped"));
        Assert.Superset(new HashSet<string> { "7117", "7120" }, policies.Single(one => one.Metadata.Name == "caretta-victoria-metrics").Spec.Egress.SelectMany(rule => rule.Ports).Select(port => port.Port.Value).ToHashSet());

        IEnumerable<string> Ports(string name) => policies.Single(one => one.Metadata.Name == name).Spec.Ingress.SelectMany(rule => rule.Ports).Select(port => port.Port.Value);
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
