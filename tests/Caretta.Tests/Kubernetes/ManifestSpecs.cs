using System.Xml.Linq;
using Caretta.Aggregator;
using Caretta.Messages.Settings;
using Caretta.Node;
using Caretta.Tests.Architecture;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;

namespace Caretta.Tests.Kubernetes;

/// <summary>That the parts of an overlay fit each other and the programs.</summary>
public class ManifestSpecs
{
    private const string Node = "caretta-node";
    private const string Aggregator = "caretta-aggregator";

    public static TheoryData<string> Overlays { get; } = new("single", "ha", "dev", "unload", "ha+cert-manager+monitoring+dashboards+ipv6+postgresql-tls");

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_selector_finds_pods(string overlay)
    {
        var objects = await Rendering.OfOverlayAsync(overlay);
        var pods = Rendering.Pods(objects).ToList();
        var selectors =
            from one in objects
            let labels = one switch
            {
                V1Service service => service.Spec.Selector,
                V1DaemonSet set => set.Spec.Selector.MatchLabels,
                V1StatefulSet set => set.Spec.Selector.MatchLabels,
                V1PodDisruptionBudget budget => budget.Spec.Selector.MatchLabels,
                V1NetworkPolicy { Metadata.Name: not "nothing-else" } policy => policy.Spec.PodSelector.MatchLabels,
                _ => null,
            }
            where labels is not null
            select (Who: $"{one.Kind} {one.Metadata.Name}", one.Metadata.NamespaceProperty, Labels: labels);

        Assert.All(selectors, selector => Assert.Contains(pods, pod => pod.Namespace == selector.NamespaceProperty
            && selector.Labels.Count > 0 && selector.Labels.All(label => pod.Template.Metadata.Labels.Contains(label))));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Ports_are_those_the_programs_listen_on_and_every_name_of_one_is_known(string overlay)
    {
        var objects = await Rendering.OfOverlayAsync(overlay);
        var (node, aggregator) = (new NodeOptions(), new AggregatorOptions());
        var ports = new Dictionary<string, int[]>
        {
            [Node] = [node.HttpPort],
            [Aggregator] = [aggregator.HttpPort, aggregator.IngressPort, aggregator.RemotePort],
        };
        var containers = Rendering.Pods(objects).SelectMany(pod => pod.Template.Spec.Containers).ToList();

        Assert.All(
            containers.Where(container => ports.ContainsKey(container.Name)),
            container => Assert.Equal(ports[container.Name], container.Ports.Select(port => port.ContainerPort)));
        Assert.All(
            from container in containers
            from probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }
            where probe?.HttpGet is not null
            select (container, probe.HttpGet),
            pair => Assert.Contains(pair.HttpGet.Port.Value, pair.container.Ports.Select(port => port.Name)));
        Assert.All(
            objects.OfType<V1Service>().SelectMany(service => service.Spec.Ports),
            port => Assert.Contains(containers, container => container.Ports?.Any(one => one.Name == port.TargetPort.Value && one.ContainerPort == port.Port) is true));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_setting_is_one_of_the_program_and_together_they_are_taken(string overlay)
    {
        foreach (var (_, _, template) in Rendering.Pods(await Rendering.OfOverlayAsync(overlay)))
        {
            var container = Assert.Single(template.Spec.Containers);
            var settings = container.Env.Where(variable => variable.Name.StartsWith("CARETTA__", StringComparison.Ordinal))
                .ToDictionary(variable => variable.Name.Replace("__", ":", StringComparison.Ordinal), Value);
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
            if (container.Name == Node)
            {
                SettingsSection.Read<NodeOptions>(configuration, NodeOptions.Section);
            }
            else
            {
                SettingsSection.Read<AggregatorOptions>(configuration, AggregatorOptions.Section);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Images_are_of_this_version(string overlay)
    {
        var version = XDocument.Load(Path.Combine(Checkout.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.All(
            Rendering.Pods(await Rendering.OfOverlayAsync(overlay)).SelectMany(pod => pod.Template.Spec.Containers),
            container => Assert.Equal($"{(container.Name == Node ? Node : Aggregator)}:{version}", container.Image));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_volume_mounted_is_there_and_every_file_named_in_a_setting_is_on_one(string overlay)
    {
        foreach (var (_, name, template) in Rendering.Pods(await Rendering.OfOverlayAsync(overlay)))
        {
            var container = Assert.Single(template.Spec.Containers);
            var mounts = (container.VolumeMounts ?? []).ToList();
            var files = container.Env.Where(variable => variable.Name.EndsWith("FILE", StringComparison.Ordinal)).Select(variable => variable.Value);

            // A claim's volume is made by the set.
            Assert.All(mounts.Where(mount => mount.Name != "journal"), mount => Assert.Contains(template.Spec.Volumes, volume => volume.Name == mount.Name));
            Assert.All(files, file =>
            {
                var mount = Assert.Single(mounts, one => file.StartsWith($"{one.MountPath}/", StringComparison.Ordinal));
                Assert.Contains(Path.GetFileName(file), Paths(template.Spec.Volumes.Single(volume => volume.Name == mount.Name)));
            });
            Assert.True(name.Contains("certificates", StringComparison.Ordinal) || mounts.Count > 0);
        }
    }

    [Theory]
    [InlineData("single")]
    [InlineData("ha")]
    public async Task The_certificates_command_is_told_of_the_objects_and_names_that_the_others_use(string overlay)
    {
        var objects = await Rendering.OfOverlayAsync(overlay);
        var pods = Rendering.Pods(objects).ToList();
        var agents = objects.OfType<V1DaemonSet>().Single();
        var members = objects.OfType<V1StatefulSet>().Single();
        var dialled = new Uri(agents.Spec.Template.Spec.Containers[0].Env.Single(one => one.Name == "CARETTA__NODE__AGGREGATOR").Value);
        var service = objects.OfType<V1Service>().Single(one => $"{one.Metadata.Name}.{one.Metadata.NamespaceProperty}.svc" == dialled.Host);

        Assert.Contains(service.Spec.Ports, port => port.Port == dialled.Port);
        var commands = pods.Where(pod => pod.Name.EndsWith("caretta-certificates", StringComparison.Ordinal)).Select(pod => pod.Template.Spec.Containers[0].Args).ToList();

        Assert.Equal(2, commands.Count); // at once, and again and again
        foreach (var args in commands)
        {
            Assert.Equal("certificates", args[0]);
            Assert.Contains($"--namespace={members.Metadata.NamespaceProperty}", args);
            Assert.Contains($"--member={members.Spec.Template.Spec.Volumes.Single(volume => volume.Name == "tls").Secret.SecretName}", args);
            Assert.Contains($"--bundle={agents.Metadata.NamespaceProperty}/{agents.Spec.Template.Spec.Volumes.Single(volume => volume.ConfigMap is not null).ConfigMap.Name}", args);
            Assert.Contains($"--restart={members.Metadata.Name}", args);
            Assert.All(objects.OfType<V1Service>(), one => Assert.Contains($"--name={one.Metadata.Name}.{one.Metadata.NamespaceProperty}.svc", args));
            Assert.All(
                args.Where(arg => arg.StartsWith("--authority=", StringComparison.Ordinal) || arg.StartsWith("--member=", StringComparison.Ordinal)),
                arg => Assert.Contains(objects.OfType<V1Secret>(), secret => arg.EndsWith($"={secret.Metadata.Name}", StringComparison.Ordinal) && secret.Data is null));
        }
    }

    [Fact]
    public async Task Before_uninstalling_the_agents_pods_unload_with_all_that_agents_have()
    {
        var agents = (await Rendering.OfOverlayAsync("single")).OfType<V1DaemonSet>().Single().Spec.Template.Spec;
        var unloading = (await Rendering.OfOverlayAsync("unload")).OfType<V1DaemonSet>().Single().Spec.Template.Spec;

        Assert.Equal(["unload", "--stay"], unloading.Containers[0].Args);
        Assert.Equal(["dotnet", "/app/caretta-node.dll", "unload"], unloading.Containers[0].ReadinessProbe.Exec.Command);
        Assert.Null(unloading.Containers[0].LivenessProbe);
        Assert.Equal(agents.Containers[0].VolumeMounts.Select(mount => mount.MountPath), unloading.Containers[0].VolumeMounts.Select(mount => mount.MountPath));
        Assert.Equal(KubernetesYaml.Serialize(agents.Containers[0].SecurityContext), KubernetesYaml.Serialize(unloading.Containers[0].SecurityContext));
    }

    /// <summary>Whoever uninstalls patches what runs, without a word on images and whatever was added.</summary>
    [Theory]
    [InlineData("single")]
    [InlineData("ha+cert-manager")]
    [InlineData("single+openshift")]
    public async Task Agents_that_run_can_be_made_to_unload_as_they_are(string overlay)
    {
        var running = (await Rendering.OfOverlayAsync(overlay)).OfType<V1DaemonSet>().Single();
        running.Spec.Template.Spec.Containers[0].Image = "registry.example.com/team/caretta-node:0.1.0";
        var (was, set) = (running.Spec.Template.Spec, await Rendering.PatchedAsync(running, "overlays", "unload", "agents.yaml"));
        var (now, container) = (set.Spec.Template.Spec, set.Spec.Template.Spec.Containers.Single());

        Assert.Equal(["unload", "--stay"], container.Args);
        Assert.Equal(["dotnet", "/app/caretta-node.dll", "unload"], container.ReadinessProbe.Exec.Command);
        Assert.True(container.ReadinessProbe.HttpGet is null && container.LivenessProbe is null && container.StartupProbe is null);
        Assert.Equal(was.Containers[0].Image, container.Image);
        Assert.Equal(KubernetesYaml.Serialize(was.Volumes), KubernetesYaml.Serialize(now.Volumes));
        Assert.Equal(KubernetesYaml.Serialize(was.Containers[0].SecurityContext), KubernetesYaml.Serialize(container.SecurityContext));
        Assert.Equal(KubernetesYaml.Serialize(was.Containers[0].Env), KubernetesYaml.Serialize(container.Env));
    }

    [Fact]
    public async Task Several_members_find_each_other_share_a_database_and_leave_one_at_a_time()
    {
        var objects = await Rendering.OfOverlayAsync("ha");
        var members = objects.OfType<V1StatefulSet>().Single();
        var labels = new AggregatorOptions().PeerSelector.Split('=');

        Assert.Equal(3, members.Spec.Replicas);
        Assert.Equal("Parallel", members.Spec.PodManagementPolicy);
        Assert.Equal(labels[1], members.Spec.Template.Metadata.Labels[labels[0]]);
        Assert.Equal("1", objects.OfType<V1PodDisruptionBudget>().Single().Spec.MaxUnavailable.Value);
        Assert.Contains(objects.OfType<V1ConfigMap>(), map => map.Data?.ContainsKey("connection") is true
            && members.Spec.Template.Spec.Containers[0].Env.Any(one => one.ValueFrom?.ConfigMapKeyRef?.Name == map.Metadata.Name));
    }

    [Fact]
    public async Task With_cert_manager_nothing_of_the_job_is_left_and_its_certificates_are_what_pods_mount()
    {
        var objects = await Rendering.OfOverlayAsync("single+cert-manager");
        var mounted = Rendering.Pods(objects).SelectMany(pod => pod.Template.Spec.Volumes).Select(volume => volume.Secret?.SecretName).OfType<string>();
        var made = objects.OfType<CustomObject>().ToDictionary(one => one.Metadata.Name, one => KubernetesYaml.Serialize(one));
        var dialled = new Uri(objects.OfType<V1DaemonSet>().Single().Spec.Template.Spec.Containers[0].Env.Single(one => one.Name == "CARETTA__NODE__AGGREGATOR").Value);

        Assert.DoesNotContain(objects, one => one is V1Job or V1CronJob or V1Secret or V1ConfigMap || one.Metadata.Name.Contains("certificates", StringComparison.Ordinal));
        Assert.Equal(["caretta-aggregator-tls", "caretta-authorities"], mounted.Order());
        Assert.Equal(mounted.Order(), made.Keys.Order());
        Assert.All(["server auth", "client auth", dialled.Host, new AggregatorOptions().MemberName], said => Assert.Contains($"- {said}", made["caretta-aggregator-tls"], StringComparison.Ordinal));
        Assert.DoesNotContain("client auth", made["caretta-authorities"], StringComparison.Ordinal);
        Assert.DoesNotContain("server auth", made["caretta-authorities"], StringComparison.Ordinal);
    }

    /// <summary>Both at once would take two members away at one time.</summary>
    [Theory]
    [InlineData("ha", false)]
    [InlineData("ha+cert-manager", true)]
    public async Task Members_with_a_renewed_certificate_are_rolled_by_the_job_or_restart_by_themselves(string overlay, bool byThemselves)
    {
        var objects = await Rendering.OfOverlayAsync(overlay);
        var settings = objects.OfType<V1StatefulSet>().Single().Spec.Template.Spec.Containers[0].Env;

        Assert.Equal(byThemselves ? "true" : null, settings.SingleOrDefault(variable => variable.Name == "CARETTA__AGGREGATOR__RESTARTONRENEWAL")?.Value);
        Assert.Equal(!byThemselves, objects.OfType<V1CronJob>().Any(job => job.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Args.Any(arg => arg.StartsWith("--restart=", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Without_IPv4_programs_listen_on_all_addresses_of_IPv6()
    {
        var addresses =
            from pod in Rendering.Pods(await Rendering.OfOverlayAsync("ha+ipv6"))
            from variable in pod.Template.Spec.Containers[0].Env
            where variable.Name.EndsWith("LISTENADDRESS", StringComparison.Ordinal)
            select variable.Value;

        Assert.Equal(["::", "::"], addresses);
    }

    [Fact]
    public void A_field_that_Kubernetes_does_not_know_is_refused() =>
        Assert.ThrowsAny<Exception>(() => Rendering.Parse("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labells: {}\n"));

    private static string? Value(V1EnvVar variable) => variable switch
    {
        { Value: "$(POD_IP)" } => "10.0.0.1",
        { Value: { } value } => value,
        { ValueFrom.ConfigMapKeyRef.Key: "connection" } => "Host=db;Database=caretta;Username=caretta",
        _ => "node-1",
    };

    private static IEnumerable<string> Paths(V1Volume volume) =>
        (volume.Secret?.Items ?? volume.ConfigMap?.Items ?? []).Select(item => item.Path)
            .Concat(volume.Projected?.Sources.Select(source => source.ServiceAccountToken.Path) ?? []);
}
