using System.Globalization;
using System.Text.Json.Nodes;
using Caretta.EndToEnd.Tests.Hosts;
using k8s.Models;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>A pod of one container as a bundle for an OCI runtime: what kubelet and containerd make of its template.</summary>
internal sealed class Bundle
{
    private static readonly string[] Masked =
        ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"];

    private static readonly string[] ReadOnly = ["/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    private readonly BuiltImage _image;
    private readonly V1PodSpec _pod;
    private readonly V1Container _container;
    private readonly TestHost _site;
    private readonly Kubelet _kubelet;
    private readonly string _space;

    /// <param name="site">The pod's network namespace.</param>
    /// <param name="space">Its namespace in the cluster.</param>
    public Bundle(BuiltImage image, V1PodSpec pod, TestHost site, Kubelet kubelet, string space)
    {
        (_image, _pod, _container, _site, _kubelet, _space) = (image, pod, pod.Containers.Single(), site, kubelet, space);
        Folder = kubelet.NewPodFolder(_container.Name);
        var (uid, gid) = User();
        (Uid, Gid) = (uid, gid);
        Document = Write();
    }

    public string Folder { get; }

    public long Uid { get; }

    public long Gid { get; }

    public IReadOnlyList<string> Capabilities => [.. (_container.SecurityContext.Capabilities.Add ?? []).Select(name => $"CAP_{name}")];

    /// <summary>config.json; a spec may change it before the bundle is run.</summary>
    public JsonObject Document { get; }

    public Bundle Save()
    {
        File.WriteAllText(Path.Combine(Folder, "config.json"), Document.ToJsonString());
        return this;
    }

    private JsonObject Write() => new()
    {
        ["ociVersion"] = "1.0.2",
        ["process"] = Process(),
        ["root"] = new JsonObject { ["path"] = _image.Root, ["readonly"] = _container.SecurityContext.ReadOnlyRootFilesystem is true },
        ["hostname"] = _container.Name,
        ["mounts"] = new JsonArray([.. SystemMounts(), .. Volumes()]),
        ["linux"] = new JsonObject
        {
            ["namespaces"] = Namespaces(),
            ["maskedPaths"] = Strings(Masked),
            ["readonlyPaths"] = Strings(ReadOnly),
            ["resources"] = new JsonObject
            {
                ["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" }),
                ["memory"] = new JsonObject { ["limit"] = (long)_container.Resources.Limits["memory"].ToDecimal() },
            },
            ["seccomp"] = Seccomp(),
        },
    };

    private JsonObject Process()
    {
        var context = _container.SecurityContext;
        Assert.Equal(["ALL"], context.Capabilities.Drop);
        return new JsonObject
        {
            ["user"] = new JsonObject { ["uid"] = Uid, ["gid"] = Gid, ["additionalGids"] = new JsonArray(Group) },
            ["args"] = Strings(Container.Command(_image, _container)),
            ["env"] = Strings([.. _image.Environment, .. Variables()]),
            ["cwd"] = _image.WorkingFolder,
            ["noNewPrivileges"] = context.AllowPrivilegeEscalation is false,
            ["capabilities"] = new JsonObject
            {
                ["bounding"] = Strings(Capabilities),
                ["permitted"] = Strings(Uid == 0 ? Capabilities : []),
                ["effective"] = Strings(Uid == 0 ? Capabilities : []),
            },
        };
    }

    /// <summary>Of the volumes; a pod without one has the user's.</summary>
    private long Group => _pod.SecurityContext?.FsGroup ?? Gid;

    private (long Uid, long Gid) User()
    {
        var image = _image.User.Split(':').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToList();
        var uid = _container.SecurityContext.RunAsUser ?? _pod.SecurityContext?.RunAsUser ?? image[0];
        Assert.False(_pod.SecurityContext?.RunAsNonRoot is true && uid == 0, $"{_container.Name} runs as root");
        return (uid, _container.SecurityContext.RunAsGroup ?? _pod.SecurityContext?.RunAsGroup ?? image[1]);
    }

    private IEnumerable<string> Variables()
    {
        var known = new Dictionary<string, string>
        {
            ["KUBERNETES_SERVICE_HOST"] = _kubelet.ApiServer.Host,
            ["KUBERNETES_SERVICE_PORT"] = _kubelet.ApiServer.Port.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var variable in _container.Env)
        {
            known[variable.Name] = variable.ValueFrom?.FieldRef?.FieldPath switch
            {
                "spec.nodeName" => _kubelet.NodeName,
                "status.podIP" => $"{_site.Ipv4}",
                null => known.Aggregate(variable.Value, (text, one) => text.Replace($"$({one.Key})", one.Value, StringComparison.Ordinal)),
                var other => throw new NotSupportedException(other),
            };
        }

        return known.Select(one => $"{one.Key}={one.Value}");
    }

    private JsonArray Namespaces()
    {
        var namespaces = new JsonArray(
            new JsonObject { ["type"] = "mount" },
            new JsonObject { ["type"] = "ipc" },
            new JsonObject { ["type"] = "uts" },
            new JsonObject { ["type"] = "network", ["path"] = $"/run/netns/{_site.Name}" });
        if (_pod.HostPID is not true)
        {
            namespaces.Add(new JsonObject { ["type"] = "pid" });
        }

        return namespaces;
    }

    private JsonObject Seccomp()
    {
        Assert.Equal("RuntimeDefault", (_container.SecurityContext.SeccompProfile ?? _pod.SecurityContext.SeccompProfile).Type);
        return DefaultSeccomp.For(Capabilities);
    }

    private IEnumerable<JsonObject> SystemMounts() =>
    [
        Mount("proc", "/proc", "proc", "nosuid", "noexec", "nodev"),
        Mount("tmpfs", "/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        Mount("devpts", "/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
        Mount("shm", "/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
        Mount("mqueue", "/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        Mount("sysfs", "/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        Bind(_kubelet.HostsFile, "/etc/hosts", readOnly: true),
    ];

    private IEnumerable<JsonObject> Volumes()
    {
        foreach (var mount in _container.VolumeMounts ?? [])
        {
            var volume = _pod.Volumes.Single(volume => volume.Name == mount.Name);
            yield return _kubelet.Prepare(volume, _space, Folder, Group) is { } source
                ? Bind(source, mount.MountPath, mount.ReadOnlyProperty is true)
                : Mount("tmpfs", mount.MountPath, "tmpfs", "nosuid", "nodev", "mode=1777", $"size={(long)volume.EmptyDir.SizeLimit.ToDecimal()}");
        }

        if (_pod.AutomountServiceAccountToken is not false)
        {
            yield return Bind(_kubelet.ServiceAccount(Folder, _space), "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true);
        }
    }

    private static JsonObject Bind(string source, string target, bool readOnly) =>
        Mount(source, target, "bind", ["rbind", "rprivate", readOnly ? "ro" : "rw"]);

    private static JsonObject Mount(string source, string target, string type, params string[] options) =>
        new() { ["destination"] = target, ["type"] = type, ["source"] = source, ["options"] = Strings(options) };

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
