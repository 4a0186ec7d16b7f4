namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>A hierarchy of version 1 without controllers, as systemd's: processes are in it, sockets do not show it.</summary>
internal sealed class NamedHierarchy : IDisposable
{
    private NamedHierarchy(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Null where the kernel knows no version 1.</summary>
    public static NamedHierarchy? TryMount()
    {
        var folder = Directory.CreateTempSubdirectory("caretta-cgroup-").FullName;
        var (exitCode, _) = Command.Try("mount", "-t", "cgroup", "-o", $"none,name=caretta-{Environment.ProcessId}", "caretta", folder);
        if (exitCode == 0)
        {
            return new NamedHierarchy(folder);
        }

        Directory.Delete(folder);
        return null;
    }

    public void Dispose()
    {
        Command.Run("umount", Folder);
        Directory.Delete(Folder);
    }
}
