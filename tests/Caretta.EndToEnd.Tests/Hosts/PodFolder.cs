namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>A pod's cgroup, as the kubelet's cgroupfs driver makes it, below a folder of its own; empty by the time it is disposed of.</summary>
internal sealed class PodFolder : IDisposable
{
    private const string Container = "3f2504e04f8911d39a0c0305e82c33013f2504e04f8911d39a0c0305e82c3301";

    private readonly string[] _folders;

    /// <param name="hierarchy">Where one is mounted.</param>
    public PodFolder(string hierarchy)
    {
        var top = Path.Combine(hierarchy, $"caretta-e2e-{Guid.NewGuid():N}");
        var kubepods = Path.Combine(top, "kubepods");
        var pod = Path.Combine(kubepods, $"pod{Uid}");
        _folders = [top, kubepods, pod, Path.Combine(pod, Container)];
        foreach (var folder in _folders)
        {
            Directory.CreateDirectory(folder);
        }
    }

    public Guid Uid { get; } = Guid.NewGuid();

    public string ContainersCgroup => _folders[^1];

    /// <summary>For a shell's script: from here on the shell is in the container's cgroup.</summary>
    public string Enter => $"echo $$ > {ContainersCgroup}/cgroup.procs";

    public void Dispose()
    {
        foreach (var folder in _folders.Reverse())
        {
            Directory.Delete(folder);
        }
    }
}
