using Caretta.Aggregator;
using Caretta.Aggregator.Directory.Watches;
using Caretta.Node;
using k8s;
using k8s.Models;

namespace Caretta.Tests.Kubernetes;

/// <summary>What an installation may do, and that it is no more than the programs need.</summary>
public class PrivilegeSpecs
{
    [Theory]
    [MemberData(nameof(ManifestSpecs.Overlays), MemberType = typeof(ManifestSpecs))]
    [InlineData("ha+victoria-metrics+grafana")]
    public async Task Everything_but_the_agent_keeps_to_the_pod_security_standard_restricted(string overlay)
    {
        foreach (var (_, name, template) in Rendering.Pods(await Rendering.OfOverlayAsync(overlay)).Where(pod => pod.Name != "DaemonSet caretta-node"))
        {
            var pod = template.Spec;
            Assert.True(pod.HostPID is not true && pod.HostIPC is not true && pod.HostNetwork is not true, name);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(0, pod.SecurityContext.RunAsUser ?? 0);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.All(pod.Volumes ?? [], volume => Assert.True(
                (volume.ConfigMap ?? volume.Secret ?? volume.Projected ?? volume.EmptyDir ?? (object?)volume.PersistentVolumeClaim) is not null && volume.HostPath is null, volume.Name));
            Assert.All((pod.InitContainers ?? []).Concat(pod.Containers), container =>
            {
                var context = container.SecurityContext;
                Assert.False(context.AllowPrivilegeEscalation);
                Assert.True(context.ReadOnlyRootFilesystem);
                Assert.Equal(["ALL"], context.Capabilities.Drop);
                Assert.Empty(context.Capabilities.Add ?? []);
                Assert.True(context.Privileged is not true && context.RunAsUser is null && context.RunAsNonRoot is not false && context.SeccompProfile is null);
                Assert.All(container.Ports ?? [], port => Assert.Null(port.HostPort));
            });
        }
    }

    [Theory]
    [MemberData(nameof(ManifestSpecs.Overlays), MemberType = typeof(ManifestSpecs))]
    public async Task Each_namespace_is_labelled_with_the_strictest_standard_its_pods_keep(string overlay)
    {
        var objects = await Rendering.OfOverlayAsync(overlay);

        Assert.All(objects.OfType<V1Namespace>(), one => Assert.Equal(
            one.Metadata.Name == "caretta-agents" ? "privileged" : "restricted", one.Metadata.Labels["pod-security.kubernetes.io/enforce"]));
        Assert.All(Rendering.Pods(objects), pod => Assert.Equal(pod.Name == "DaemonSet caretta-node", pod.Namespace == "caretta-agents"));
    }

    [Theory]
    [MemberData(nameof(ManifestSpecs.Overlays), MemberType = typeof(ManifestSpecs))]
    public async Task The_agent_has_two_capabilities_and_no_token_that_the_api_server_takes(string overlay)
    {
        var objects = await Rendering.OfOverlayAsync(overlay);
        var pod = objects.OfType<V1DaemonSet>().Single().Spec.Template.Spec;
        var context = Assert.Single(pod.Containers).SecurityContext;
        var token = pod.Volumes.Where(volume => volume.Projected is not null).SelectMany(volume => volume.Projected.Sources).Single().ServiceAccountToken;

        Assert.Equal(["BPF", "PERFMON"], context.Capabilities.Add);
        Assert.Equal(["ALL"], context.Capabilities.Drop);
        Assert.True(context.ReadOnlyRootFilesystem);
        Assert.True(context.Privileged is false && context.AllowPrivilegeEscalation is false);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.True(pod.HostPID is true && pod.HostNetwork is not true && pod.HostIPC is not true);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(objects.OfType<V1ServiceAccount>().Single(account => account.Metadata.Name == pod.ServiceAccountName).AutomountServiceAccountToken);
        Assert.Equal(new AggregatorOptions().TokenAudience, token.Audience);
        Assert.DoesNotContain(Subjects(objects), subject => subject.Name == pod.ServiceAccountName);
    }

    [Theory]
    [MemberData(nameof(ManifestSpecs.Overlays), MemberType = typeof(ManifestSpecs))]
    public async Task Of_the_host_the_agent_has_four_folders_and_writes_to_three(string overlay)
    {
        var pod = (await Rendering.OfOverlayAsync(overlay)).OfType<V1DaemonSet>().Single().Spec.Template.Spec;
        var options = new NodeOptions();
        var host = (
            from volume in pod.Volumes
            where volume.HostPath is not null
            from mount in pod.Containers[0].VolumeMounts
            where mount.Name == volume.Name
            select (volume.HostPath.Path, mount.MountPath, ReadOnly: mount.ReadOnlyProperty is true)).ToList();
        string[] writable = [Path.GetDirectoryName(options.PinFolder)!, options.DataFolder, options.RunFolder];

        Assert.Equal(writable.Order(), host.Where(folder => !folder.ReadOnly).Select(folder => folder.Path).Order());
        Assert.Equal(["/sys/fs/cgroup"], host.Where(folder => folder.ReadOnly).Select(folder => folder.Path));
        Assert.All(host.Where(folder => folder.Path != "/sys/fs/bpf"), folder => Assert.Equal(folder.Path, folder.MountPath));
        Assert.Equal("IfPossible", pod.Containers[0].VolumeMounts.Single(mount => mount.MountPath == "/sys/fs/cgroup").RecursiveReadOnly);
    }

    /// <summary>The profile that containerd, CRI-O and Docker give where a host has AppArmor: of /sys nothing is written but cgroups, of /proc nothing.</summary>
    [Theory]
    [MemberData(nameof(ManifestSpecs.Overlays), MemberType = typeof(ManifestSpecs))]
    public async Task Pins_are_made_where_the_default_AppArmor_profile_lets_them(string overlay)
    {
        var pod = (await Rendering.OfOverlayAsync(overlay)).OfType<V1DaemonSet>().Single().Spec.Template.Spec;
        var mount = pod.Containers[0].VolumeMounts.Single(mount => pod.Volumes.Single(volume => volume.Name == mount.Name).HostPath?.Path == "/sys/fs/bpf");

        Assert.Equal($"{mount.MountPath}/caretta", pod.Containers[0].Env.Single(variable => variable.Name == "CARETTA__NODE__PINFOLDER").Value);
        Assert.All(
            pod.Containers[0].VolumeMounts.Where(one => one.ReadOnlyProperty is not true),
            one => Assert.False(one.MountPath.StartsWith("/sys/", StringComparison.Ordinal) || one.MountPath.StartsWith("/proc/", StringComparison.Ordinal), one.MountPath));
        Assert.Null(pod.SecurityContext.AppArmorProfile ?? pod.Containers[0].SecurityContext.AppArmorProfile);
    }

    /// <summary>Services are translated before policies are asked: what counts is the port behind them.</summary>
    [Theory]
    [MemberData(nameof(ManifestSpecs.Overlays), MemberType = typeof(ManifestSpecs))]
    public async Task Names_and_the_API_server_are_reached_on_the_distributions_that_have_them_at_other_ports(string overlay)
    {
        var policies = (await Rendering.OfOverlayAsync(overlay)).OfType<V1NetworkPolicy>().Where(policy => policy.Metadata.Name is "caretta-node" or "caretta-aggregator" or "caretta-certificates");
        Assert.All(policies, policy =>
        {
            var open = policy.Spec.Egress.Where(rule => rule.To is null).SelectMany(rule => rule.Ports).Select(port => $"{port.Port.Value}/{port.Protocol ?? "TCP"}").ToList();
            Assert.All(["53/UDP", "53/TCP", "5353/UDP", "5353/TCP"], port => Assert.Contains(port, open));
            if (policy.Metadata.Name != "caretta-node")
            {
                Assert.All(["443/TCP", "6443/TCP", "8443/TCP", "16443/TCP"], port => Assert.Contains(port, open));
            }
        });
    }

    [Theory]
    [MemberData(nameof(ManifestSpecs.Overlays), MemberType = typeof(ManifestSpecs))]
    public async Task An_agent_is_not_sent_where_there_is_no_kernel_to_look_into(string overlay)
    {
        var pod = (await Rendering.OfOverlayAsync(overlay)).OfType<V1DaemonSet>().Single().Spec.Template.Spec;
        var terms = pod.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms;

        // NotIn is also true of hosts without the label.
        Assert.Equal(
            ["eks.amazonaws.com/compute-type NotIn fargate", "type NotIn virtual-kubelet"],
            Assert.Single(terms).MatchExpressions.Select(one => $"{one.Key} {one.OperatorProperty} {string.Join(',', one.Values)}"));
    }

    [Theory]
    [InlineData("single")]
    [InlineData("ha")]
    public async Task An_aggregator_may_list_and_watch_the_kinds_that_are_watched_and_ask_about_tokens_and_nothing_else(string overlay)
    {
        var granted = (await Rendering.OfOverlayAsync(overlay)).OfType<V1ClusterRole>().Single().Rules.SelectMany(Flat);
        var needed = WatchedKind.All.SelectMany(kind => new[] { $"{kind.Group}/{kind.Resource} list", $"{kind.Group}/{kind.Resource} watch" })
            .Append("authentication.k8s.io/tokenreviews create");

        Assert.Equal(needed.Order(StringComparer.Ordinal), granted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Members_may_find_each_other_and_keep_their_Lease()
    {
        var objects = await Rendering.OfOverlayAsync("ha");
        var lease = new AggregatorOptions().LeaseName;

        Assert.Equal(
            ["/pods list", "coordination.k8s.io/leases create", $"coordination.k8s.io/leases/{lease} get", $"coordination.k8s.io/leases/{lease} update"],
            Role(objects, "caretta-aggregator", "caretta").Order(StringComparer.Ordinal));
        Assert.DoesNotContain((await Rendering.OfOverlayAsync("single")).OfType<V1Role>(), role => role.Metadata.Name == "caretta-aggregator");
    }

    [Fact]
    public async Task The_certificates_job_may_change_three_objects_and_roll_the_members()
    {
        var objects = await Rendering.OfOverlayAsync("ha");

        Assert.Equal(
            ["/secrets/caretta-aggregator-tls get", "/secrets/caretta-aggregator-tls update", "/secrets/caretta-authority get", "/secrets/caretta-authority update", "apps/statefulsets/caretta-aggregator patch"],
            Role(objects, "caretta-certificates", "caretta").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["/configmaps/caretta-authorities get", "/configmaps/caretta-authorities update"],
            Role(objects, "caretta-certificates", "caretta-agents").Order(StringComparer.Ordinal));
        Assert.All(Subjects(objects), subject => Assert.Contains(
            objects.OfType<V1ServiceAccount>(), account => account.Metadata.Name == subject.Name && account.Metadata.NamespaceProperty == subject.NamespaceProperty));
    }

    [Fact]
    public async Task OpenShifts_constraints_allow_the_agent_what_it_asks_for_and_no_more()
    {
        var objects = await Rendering.OfOverlayAsync("single+openshift");
        var allowed = objects.OfType<Constraints>().Single();
        var pod = objects.OfType<V1DaemonSet>().Single().Spec.Template.Spec;
        var context = pod.Containers[0].SecurityContext;

        Assert.Equal(context.Capabilities.Add, allowed.AllowedCapabilities);
        Assert.Equal((pod.HostPID, true), (allowed.AllowHostPID, allowed.AllowHostDirVolumePlugin));
        Assert.False(allowed.AllowPrivilegedContainer || allowed.AllowPrivilegeEscalation || allowed.AllowHostNetwork || allowed.AllowHostIPC || allowed.AllowHostPorts);
        Assert.Equal("spc_t", context.SeLinuxOptions.Type);
        Assert.Equal("Unconfined", context.SeccompProfile.Type);
        Assert.Equal(["unconfined", "localhost/caretta-node.json"], allowed.SeccompProfiles);
        Assert.Equal([$"system:serviceaccount:caretta-agents:{pod.ServiceAccountName}"], allowed.Users);
        Assert.Equal(["configMap", "emptyDir", "hostPath", "projected"], allowed.Volumes.Where(kind => kind != "secret"));
    }

    [Theory]
    [InlineData("single")]
    [InlineData("ha")]
    [InlineData("dev")]
    public async Task What_no_policy_names_is_allowed_to_nobody(string overlay)
    {
        var objects = await Rendering.OfOverlayAsync(overlay);

        Assert.All(objects.OfType<V1Namespace>(), space => Assert.Contains(objects.OfType<V1NetworkPolicy>(), policy =>
            policy.Metadata.NamespaceProperty == space.Metadata.Name && policy.Spec.PodSelector.MatchLabels is null
            && policy.Spec.Ingress is null && policy.Spec.Egress is null && policy.Spec.PolicyTypes.Order().SequenceEqual(["Egress", "Ingress"])));
    }

    private static IEnumerable<Rbacv1Subject> Subjects(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects) => objects.SelectMany(one => one switch
    {
        V1RoleBinding binding => binding.Subjects,
        V1ClusterRoleBinding binding => binding.Subjects,
        _ => [],
    });

    private static IEnumerable<string> Role(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects, string name, string space) =>
        objects.OfType<V1Role>().Single(role => role.Metadata.Name == name && role.Metadata.NamespaceProperty == space).Rules.SelectMany(Flat);

    private static IEnumerable<string> Flat(V1PolicyRule rule) =>
        from api in rule.ApiGroups
        from resource in rule.Resources
        from name in rule.ResourceNames is { Count: > 0 } names ? names.Select(one => $"/{one}") : [""]
        from verb in rule.Verbs
        select $"{api}/{resource}{name} {verb}";
}
