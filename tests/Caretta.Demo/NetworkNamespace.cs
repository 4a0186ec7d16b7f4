using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Caretta.Demo;

/// <summary>A named network namespace of this machine, which is gone when it is disposed of and no socket is left in it.</summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    private const string Folder = "/run/netns";
    private const int CloneNewNet = 0x40000000;

    public NetworkNamespace(string name)
    {
        Name = name;
        Ip("netns", "add", name);
        Ip("-n", name, "link", "set", "lo", "up");
    }

    public string Name { get; }

    public static IReadOnlyList<string> All => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file))] : [];

    /// <exception cref="InvalidOperationException">It failed; the message says how.</exception>
    public static void Ip(params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {said.Trim()}");
        }
    }

    /// <summary>Makes something while a thread is in the namespace: sockets stay where they were made.</summary>
    public T Inside<T>(Func<T> make)
    {
        var (made, failed) = (default(T), default(Exception));
        // A thread of its own: one that is in another namespace must not serve anybody else.
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                made = make();
            }
            catch (Exception failure)
            {
                failed = failure;
            }
        });
        thread.Start();
        thread.Join();
        return failed is null ? made! : throw new InvalidOperationException($"Inside {Name}: {failed.Message}", failed);
    }

    public static void Delete(string name) => Ip("netns", "delete", name);

    public void Dispose() => Delete(Name);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle fd, int type);

    private void Enter()
    {
        using var fd = File.OpenHandle(Path.Combine(Folder, Name));
        if (SetNamespace(fd, CloneNewNet) != 0)
        {
            throw new Win32Exception();
        }
    }
}
