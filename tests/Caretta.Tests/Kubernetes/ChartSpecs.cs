using k8s;
using k8s.Models;

namespace Caretta.Tests.Kubernetes;

/// <summary>Chart and overlays are made of the same files; that they also come to the same is said here.</summary>
public class ChartSpecs
{
    private static readonly string[] OfHelm = ["app.kubernetes.io/part-of", "app.kubernetes.io/managed-by", "app.kubernetes.io/instance", "helm.sh/chart"];

    /// <summary>The chart's values always say them; overlays leave most to the defaults.</summary>
    private static readonly string[] Said = ["POLLINTERVAL", "CLIMBOWNERS", "REVERSEDNS", "JOURNAL", "POSTGRESQL"];

    private static readonly string[] Database = ["postgresql.enabled=true", "aggregator.replicas=3", "postgresql.connection=Host=db;Database=caretta;Username=caretta"];

    public static TheoryData<string, string[]> Twins { get; } = new()
    {
        { "single", [] },
        { "unload", ["unload=true"] },
        { "ha", Database },
        { "single+monitoring", ["serviceMonitor.enabled=true", "prometheusRule.enabled=true"] },
        { "single+dashboards", ["dashboards.enabled=true"] },
        { "single+cert-manager", ["certificates.from=CertManager", "certificates.issuer=caretta"] },
        { "ha+ipv6", [.. Database, "ipFamily=IPv6"] },
        { "ha+victoria-metrics+grafana", [.. Database, "victoriaMetrics.enabled=true", "grafana.enabled=true"] },
        { "single+openshift", ["openshift.enabled=true"] },
        { "ha+postgresql-tls", [.. Database, "postgresql.tls.existingSecret=caretta-postgresql-tls", "postgresql.tls.clientCertificate=true"] },
    };

    [Theory]
    [MemberData(nameof(Twins))]
    public async Task The_chart_makes_the_objects_of_the_overlay(string overlay, string[] values)
    {
        var wanted = (await Rendering.OfOverlayAsync(overlay)).Where(one => !IsDifferent(one)).ToList();
        var made = Rendering.Parse(await Rendering.OfChartAsync(["uninstall.unload=false", .. values])).Where(one => !IsDifferent(one)).ToDictionary(Name, Plain);

        Assert.All(wanted, one => Assert.Equal(Plain(one), made[Name(one)]));
        Assert.True(overlay == "unload" || made.Count == wanted.Count);
    }

    [Fact]
    public async Task The_job_that_unloads_before_uninstalling_is_the_one_that_may_be_applied_by_hand()
    {
        var made = Rendering.Parse(await Rendering.OfChartAsync("uninstall.timeoutSeconds=120")).Where(one => one.Metadata.Name.StartsWith("caretta-unload", StringComparison.Ordinal)).ToList();
        var hook = made.OfType<V1Job>().Single();
        var annotations = hook.Metadata.Annotations;
        hook.Metadata.Annotations = null;
        foreach (var job in made.OfType<V1Job>())
        {
            job.Spec.Template.Spec.Containers[0].ImagePullPolicy = null;
        }

        Assert.Equal("pre-delete", annotations["helm.sh/hook"]);
        Assert.All(made.Where(one => !ReferenceEquals(one, hook)), one => Assert.Null(one.Metadata.Annotations)); // part of the release, so that they go with it
        Assert.Equal((await Rendering.OfFolderAsync("chart", "caretta", "manifests", "uninstall")).Select(Plain).Order(), made.Select(Plain).Order());
        Assert.DoesNotContain(Rendering.Parse(await Rendering.OfChartAsync("uninstall.unload=false")), one => one.Metadata.Name.StartsWith("caretta-unload", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_values_say_of_images_pods_and_settings_is_on_them()
    {
        var digest = $"sha256:{new string('a', 64)}";
        var made = Rendering.Parse(await Rendering.OfChartAsync(
            "image.registry=registry.example.com/team", "image.tag=v1", $"node.image.digest={digest}", "imagePullSecrets[0].name=pull",
            "node.settings.MaxFlows=1310720", "filters.excludePorts={443,8000-8100}", "filters.excludeNamespaces={kube-system,shop}", "pollIntervalSeconds=90",
            "node.podAnnotations.a=b", "node.podLabels.team=net", "node.seLinuxOptions.type=spc_t", "node.maxUnavailable=2", "aggregator.priorityClassName=high",
            "commonLabels.env=test", "commonAnnotations.owner=me", "aggregator.serviceAnnotations.c=d", "persistence.existingClaim=mine"));
        var (agents, members) = (made.OfType<V1DaemonSet>().Single(), made.OfType<V1StatefulSet>().Single());
        var (agent, member) = (agents.Spec.Template, members.Spec.Template);
        var settings = agent.Spec.Containers[0].Env.ToDictionary(one => one.Name, one => one.Value);

        Assert.Equal(($"registry.example.com/team/caretta-node@{digest}", "registry.example.com/team/caretta-aggregator:v1"), (agent.Spec.Containers[0].Image, member.Spec.Containers[0].Image));
        Assert.All(Rendering.Pods(made), pod => Assert.Equal("pull", Assert.Single(pod.Template.Spec.ImagePullSecrets).Name));
        Assert.Equal(("1310720", "443,8000-8100"), (settings["CARETTA__NODE__MAXFLOWS"], settings["CARETTA__NODE__EXCLUDEPORTS"]));
        Assert.Equal(("kube-system,shop", "00:01:30"), (settings["CARETTA__NODE__EXCLUDENAMESPACES"], settings["CARETTA__NODE__POLLINTERVAL"]));
        Assert.Equal(("b", "net", "caretta-node"), (agent.Metadata.Annotations["a"], agent.Metadata.Labels["team"], agent.Metadata.Labels["app.kubernetes.io/name"]));
        Assert.Equal(("spc_t", "2", "high"), (agent.Spec.Containers[0].SecurityContext.SeLinuxOptions.Type, agents.Spec.UpdateStrategy.RollingUpdate.MaxUnavailable.Value, member.Spec.PriorityClassName));
        Assert.All(made, one => Assert.Equal(("test", "me"), (one.Metadata.Labels["env"], one.Metadata.Annotations["owner"])));
        Assert.All(made.OfType<V1Service>(), service => Assert.Equal("d", service.Metadata.Annotations["c"]));
        Assert.Equal("mine", member.Spec.Volumes.Single(volume => volume.Name == "journal").PersistentVolumeClaim.ClaimName);
        Assert.Null(members.Spec.VolumeClaimTemplates);
    }

    /// <summary>What a job runs cannot be changed, and one whose image cannot be pulled never ends.</summary>
    [Fact]
    public async Task An_upgrade_mends_what_a_first_install_got_wrong()
    {
        var (first, same, mended) = (await Job(), await Job(), await Job("image.registry=registry.example.com/team"));

        Assert.Equal(KubernetesYaml.Serialize(first), KubernetesYaml.Serialize(same));
        Assert.NotEqual(first.Metadata.Name, mended.Metadata.Name);
        Assert.Matches("^caretta-certificates-[0-9a-f]{8}$", mended.Metadata.Name);
        Assert.Equal(first.Spec.Template.Metadata.Labels, mended.Spec.Template.Metadata.Labels);

        static async Task<V1Job> Job(params string[] values) =>
            Rendering.Parse(await Rendering.OfChartAsync(values)).OfType<V1Job>().Single(job => job.Metadata.Name.StartsWith("caretta-certificates", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Unconfined", "openshift.enabled=true")]
    [InlineData("Localhost", "openshift.enabled=true", "node.seccompProfile.type=Localhost", "node.seccompProfile.localhostProfile=caretta-node.json")]
    public async Task The_agents_seccomp_profile_is_the_runtimes_unless_that_keeps_them_from_bpf(string? profile, params string[] values)
    {
        var pod = Rendering.Parse(await Rendering.OfChartAsync(values)).OfType<V1DaemonSet>().Single().Spec.Template.Spec;

        Assert.Equal(("RuntimeDefault", profile), (pod.SecurityContext.SeccompProfile.Type, pod.Containers[0].SecurityContext.SeccompProfile?.Type));
    }

    [Fact]
    public async Task Wherever_aggregators_may_run_the_jobs_may_too()
    {
        var made = Rendering.Parse(await Rendering.OfChartAsync("aggregator.nodeSelector.pool=infra", "aggregator.tolerations[0].key=infra", "aggregator.tolerations[0].operator=Exists"));
        var pods = Rendering.Pods(made).Where(pod => pod.Name != "DaemonSet caretta-node").Select(pod => pod.Template.Spec).ToList();

        Assert.Equal(4, pods.Count);
        Assert.All(pods, pod => Assert.Equal(("infra", "infra"), (pod.NodeSelector["pool"], Assert.Single(pod.Tolerations).Key)));
    }

    [Fact]
    public async Task Certificates_of_ones_own_are_mounted_and_nothing_makes_others()
    {
        var made = Rendering.Parse(await Rendering.OfChartAsync(
            "certificates.from=Existing", "certificates.existingSecret=ours", "certificates.existingAuthorities=our-roots", "serviceMonitor.enabled=true"));
        var volumes = Rendering.Pods(made).SelectMany(pod => pod.Template.Spec.Volumes).ToList();

        Assert.DoesNotContain(made, one => one is V1Secret or V1ConfigMap or V1CronJob);
        Assert.Equal(["ours", "ours"], volumes.Select(volume => volume.Secret?.SecretName).OfType<string>());
        Assert.Equal(["our-roots"], volumes.Select(volume => volume.ConfigMap?.Name).OfType<string>());
        Assert.Contains("name: ours", KubernetesYaml.Serialize(made.OfType<CustomObject>().Single(one => one.Kind == "ServiceMonitor")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_asks_for_what_its_Secret_holds()
    {
        var member = Rendering.Parse(await Rendering.OfChartAsync([.. Database, "postgresql.tls.existingSecret=tls", "postgresql.passwordKey=pw"])).OfType<V1StatefulSet>().Single().Spec.Template.Spec;
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(member.Containers[0].Env.Single(one => one.Name == "CARETTA__AGGREGATOR__POSTGRESQL").Value);
        var (password, tls) = (member.Volumes.Single(volume => volume.Name == "postgresql").Secret, member.Volumes.Single(volume => volume.Name == "postgresql-tls").Secret);

        Assert.Equal(("db", "/etc/caretta/postgresql-tls/ca.crt"), (connection.Host, connection.RootCertificate));
        Assert.Equal(("pw", "password"), (password.Items.Single().Key, password.Items.Single().Path));
        Assert.Equal(("tls", "ca.crt"), (tls.SecretName, tls.Items.Single().Path));
    }

    [Theory]
    [InlineData("polInterval=5")]
    [InlineData("pollIntervalSeconds=0")]
    [InlineData("aggregator.replicas=3")]
    [InlineData("aggregator.replicas=2", "postgresql.enabled=true", "postgresql.connection=Host=db")]
    [InlineData("postgresql.enabled=true")]
    [InlineData("postgresql.connection=Host=db;Password=secret")]
    [InlineData("certificates.from=CertManager")]
    [InlineData("node.image.digest=latest")]
    [InlineData("filters.excludePorts={http}")]
    [InlineData("filters.ports={80}")]
    [InlineData("node.maxUnavailable=0")]
    [InlineData("grafana.enabled=true")]
    public async Task Values_that_cannot_work_are_refused(params string[] values)
    {
        var refused = await Record.ExceptionAsync(() => Rendering.OfChartAsync(values));

        Assert.IsType<Xunit.Sdk.TrueException>(refused);
    }

    /// <summary>Helm makes the namespace, and values what the overlay has in a file; the scrape configuration is written anew, for the label of the cluster.</summary>
    private static bool IsDifferent(IKubernetesObject<V1ObjectMeta> one) =>
        (one is V1Namespace && one.Metadata.Name == "caretta")
        || (one is V1ConfigMap && (one.Metadata.Name.StartsWith("caretta-postgresql", StringComparison.Ordinal) || one.Metadata.Name == "caretta-scrape"));

    private static string Name(IKubernetesObject<V1ObjectMeta> one) => $"{one.Kind} {one.Metadata.NamespaceProperty}/{PlainName(one)}";

    /// <summary>Of the chart's job without what stands for its content.</summary>
    private static string PlainName(IKubernetesObject<V1ObjectMeta> one) =>
        one is V1Job && one.Metadata.Name.StartsWith("caretta-certificates-", StringComparison.Ordinal) ? "caretta-certificates" : one.Metadata.Name;

    private static string Plain(IKubernetesObject<V1ObjectMeta> one)
    {
        one.Metadata.Name = PlainName(one);
        one.Metadata.Labels = one.Metadata.Labels?.Where(label => !OfHelm.Contains(label.Key)).OrderBy(label => label.Key, StringComparer.Ordinal).ToDictionary() is { Count: > 0 } labels ? labels : null;
        if (one is V1ConfigMap { Data: { } data } map)
        {
            map.Data = data.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(entry => entry.Key, entry => entry.Value.Trim());
        }

        foreach (var (_, _, template) in Rendering.Pods([one]))
        {
            var (pod, container) = (template.Spec, template.Spec.Containers.Single());
            pod.Tolerations = pod.Tolerations is { Count: > 0 } ? pod.Tolerations : null;
            pod.Volumes = pod.Volumes?.OrderBy(volume => volume.Name, StringComparer.Ordinal).ToList();
            foreach (var volume in pod.Volumes ?? [])
            {
                volume.ConfigMap?.Optional = null;
                if (volume.Name == "postgresql-tls")
                {
                    volume.Secret.Items = null; // the component mounts all that there is
                }
            }

            container.ImagePullPolicy = null;
            container.VolumeMounts = container.VolumeMounts?.OrderBy(mount => mount.Name, StringComparer.Ordinal).ToList();
            container.Env = container.Env is null
                ? null
                : [.. container.Env.Where(variable => !Said.Contains(variable.Name.Split('_')[^1])).OrderBy(variable => variable.Name, StringComparer.Ordinal)];
        }

        return KubernetesYaml.Serialize(one);
    }
}
