using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.FakeCluster;
using k8s.Models;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>
/// What a kubelet does for a pod beside starting it: folders of a host, files of Secrets, ConfigMaps and tokens, claims. The host is a folder, but for its
/// cgroups; its bpffs is one of its own, with nobody else's pins.
/// </summary>
internal sealed class Kubelet : IDisposable
{
    /// <summary>Nobody writes to its standard input: it ends when the other side does, and what ran or was mounted here with it. $1 is the folder.</summary>
    private const string Guard = """
        read -r _
        for state in "$1"/pods/*/runc; do
          for id in $(ls "$state" 2>/dev/null); do runc --root "$state" delete --force "$id"; done
        done
        umount "$1/host/sys/fs/bpf"
        rm -rf --one-file-system "$1"
        """;

    private readonly Process _guard;
    private readonly FakeApiServer _api;
    private readonly string _authority;
    private int _pods;

    /// <param name="folder">Empty.</param>
    /// <param name="authority">PEM: whom to trust for the API server.</param>
    public Kubelet(string folder, FakeApiServer api, string authority)
    {
        (Folder, _api, _authority) = (folder, api, authority);
        Directory.CreateDirectory(BpfFolder);
        File.WriteAllText(HostsFile, "127.0.0.1 localhost\n");
        Command.Run("mount", "-t", "bpf", "bpf", BpfFolder);
        _guard = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Guard, "guard", Folder]) { RedirectStandardInput = true })!;
    }

    public string Folder { get; }

    public string NodeName => "node-1";

    /// <summary>The host's /sys/fs/bpf.</summary>
    public string BpfFolder => OfHost("/sys/fs/bpf");

    /// <summary>Every pod's /etc/hosts; this cluster has no DNS.</summary>
    public string HostsFile => Path.Combine(Folder, "hosts");

    /// <summary>For API servers' clients in pods.</summary>
    public Uri ApiServer => _api.Address;

    /// <summary>Where it lies on the host that this plays.</summary>
    public string OfHost(string path) => path.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal) ? path : Path.Join(Folder, "host", path);

    /// <summary>An empty one for a pod's files.</summary>
    public string NewPodFolder(string name) => Directory.CreateDirectory(Path.Combine(Folder, "pods", string.Create(CultureInfo.InvariantCulture, $"{name}-{++_pods}"))).FullName;

    /// <summary>Where a volume's content is; null: memory, of the pod alone.</summary>
    public string? Prepare(V1Volume volume, string space, string podFolder, long group)
    {
        var folder = Path.Combine(podFolder, volume.Name);
        switch (volume)
        {
            case { HostPath: { } host }:
                Assert.True(host.Type == "DirectoryOrCreate" || Directory.Exists(OfHost(host.Path)), $"{host.Path} is not on the host");
                return Directory.CreateDirectory(OfHost(host.Path)).FullName;
            case { EmptyDir: not null }:
                return null;
            case { PersistentVolumeClaim: { } claim }:
                return Owned(Path.Combine(Folder, "claims", claim.ClaimName), group, "2775");
            case { Secret: { } secret }:
                WriteItems(folder, $"secrets/{space}/{secret.SecretName}", secret.Items, Convert.FromBase64String, secret.DefaultMode ?? 0x1a4, group);
                return folder;
            case { ConfigMap: { } map }:
                WriteItems(folder, $"configmaps/{space}/{map.Name}", map.Items, Encoding.UTF8.GetBytes, map.DefaultMode ?? 0x1a4, group);
                return folder;
            case { Projected: { } projected }:
                Directory.CreateDirectory(folder);
                WriteToken(folder, projected.Sources.Single().ServiceAccountToken);
                return folder;
            default:
                throw new NotSupportedException($"Volume {volume.Name} is of a kind that this kubelet does not know.");
        }
    }

    /// <summary>What automountServiceAccountToken gives a pod.</summary>
    public string ServiceAccount(string podFolder, string space)
    {
        var folder = Directory.CreateDirectory(Path.Combine(podFolder, "serviceaccount")).FullName;
        File.WriteAllText(Path.Combine(folder, "token"), "not looked at");
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _authority);
        File.WriteAllText(Path.Combine(folder, "namespace"), space);
        return folder;
    }

    public void Dispose()
    {
        _guard.StandardInput.Close();
        _guard.WaitForExit();
        _guard.Dispose();
    }

    private void WriteToken(string folder, V1ServiceAccountTokenProjection token)
    {
        var text = $"token-{Guid.NewGuid():N}";
        _api.Tokens.Accept(text, token.Audience, "system:serviceaccount:caretta-agents:caretta-node", NodeName);
        File.WriteAllText(Path.Combine(folder, token.Path), text);
    }

    /// <summary>A pod waits for what is not there yet; here that is a mistake of the spec's.</summary>
    private void WriteItems(string folder, string key, IList<V1KeyToPath> items, Func<string, byte[]> decode, int mode, long group)
    {
        var data = _api.Objects.Find(key)?["data"] as JsonObject;
        Owned(folder, group, "2755");
        foreach (var item in items)
        {
            var file = Path.Combine(folder, item.Path);
            File.WriteAllBytes(file, decode((data?[item.Key] ?? throw new InvalidOperationException($"{key} has no {item.Key}.")).GetValue<string>()));
            Command.Run("chown", $"0:{group}", file);
            Command.Run("chmod", Convert.ToString(mode, 8), file);
        }
    }

    private static string Owned(string folder, long group, string mode)
    {
        Directory.CreateDirectory(folder);
        Command.Run("chown", $"0:{group}", folder);
        Command.Run("chmod", mode, folder);
        return folder;
    }
}
