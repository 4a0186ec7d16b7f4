namespace Caretta.TestServers.Machines;

/// <summary>The first root of a machine: busybox, libraries, the guest, and what it is to do. Made once per architecture, the last part per machine.</summary>
public static class GuestImage
{
    private const string Init = """
        #!/bin/busybox sh
        /bin/busybox --install -s /bin
        export PATH=/bin HOME=/tmp DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0
        mount -t proc proc /proc
        mount -t sysfs sysfs /sys
        mount -t devtmpfs dev /dev
        mount -t tmpfs tmp /tmp
        mount -t tmpfs run /run
        mount -t bpf bpf /sys/fs/bpf
        mount -t tracefs tracefs /sys/kernel/tracing
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        ip link set lo up
        sh /work.sh
        echo "caretta-ended $?"
        poweroff -f

        """;

    private static readonly Lock Making = new();
    private static readonly Dictionary<GuestArchitecture, string> Made = [];

    /// <returns>A file for the machine's loader, for the caller to delete.</returns>
    public static string With(GuestArchitecture architecture, string script)
    {
        var file = Path.Combine(Path.GetTempPath(), $"caretta-guest-{Guid.NewGuid():N}.cpio");
        File.Copy(Common(architecture), file);
        using var output = new FileStream(file, FileMode.Append);
        var archive = new CpioArchive(output);
        archive.AddText("work.sh", script.ReplaceLineEndings("\n"));
        archive.End();
        return file;
    }

    private static string Common(GuestArchitecture architecture)
    {
        lock (Making)
        {
            if (!Made.TryGetValue(architecture, out var file))
            {
                file = Path.Combine(KernelMatrix.Folder!, $"root-{architecture}.cpio");
                Write(architecture, file);
                Made.Add(architecture, file);
            }

            return file;
        }
    }

    private static void Write(GuestArchitecture architecture, string file)
    {
        using var output = File.Create(file);
        var archive = new CpioArchive(output);
        foreach (var folder in new[] { "dev", "proc", "sys", "tmp", "run" })
        {
            archive.AddFolder(folder);
        }

        archive.AddText("init", Init.ReplaceLineEndings("\n"));
        archive.AddTree(KernelMatrix.Root(architecture), "");
        archive.AddTree(KernelMatrix.Guest(architecture), "guest");
        archive.End();
        while (output.Length % 4 != 0)
        {
            output.WriteByte(0);
        }
    }
}
