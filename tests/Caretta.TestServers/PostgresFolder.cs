using System.Diagnostics;
using System.Globalization;

namespace Caretta.TestServers;

/// <summary>A server's files and processes. A guard of their own ends them when this process is gone, however that came about.</summary>
internal sealed class PostgresFolder : IAsyncDisposable
{
    /// <summary>
    /// Nobody writes to its standard input: it ends when the other side does. A session of its own, so that a signal to the tests' group
    /// spares it. $1 is the folder.
    /// </summary>
    private const string Guard = """
        signal() { for pid in $(cat "$1/postgres.pids" 2>/dev/null); do kill -"$2" "$pid" 2>/dev/null; done; }
        read -r _
        main=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
        if [ -n "$main" ]; then
          { echo "$main"; ps -o pid= --ppid "$main"; } >"$1/postgres.pids"
          signal "$1" KILL
        fi
        rm -rf "$1"
        """;

    private readonly string _root;
    private readonly Process _guard;
    private int _files;

    private PostgresFolder(string root, Process guard) => (_root, _guard) = (root, guard);

    public string Data => Path.Combine(_root, "data");

    public string Log => Path.Combine(_root, "log");

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    public static PostgresFolder Make(PostgresPrograms programs)
    {
        var root = Directory.CreateTempSubdirectory("caretta-postgres-").FullName;
        programs.GiveToUser(root);
        var guard = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Guard, "guard", root]) { RedirectStandardInput = true })!;
        return new PostgresFolder(root, guard);
    }

    public async Task ConfigureAsync(string settings, string access, CancellationToken cancel)
    {
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), settings + "\n", cancel);
        await File.WriteAllTextAsync(Path.Combine(Data, "pg_hba.conf"), access + "\n", cancel);
    }

    public string ReadLog() => File.Exists(Log) ? File.ReadAllText(Log) : "";

    public string NewFile(string name) =>
        Path.Combine(_root, string.Create(CultureInfo.InvariantCulture, $"{name}-{Interlocked.Increment(ref _files)}"));

    /// <summary>STOP or CONT, the server's first, so that it starts no more.</summary>
    public void Signal(string signal)
    {
        var main = Main();
        Kill(signal, [main]);
        Kill(signal, Children(main));
    }

    /// <summary>
    /// All of them, until the kernel has taken them away: one that lived on would keep the next start from the memory they share. The server's first is
    /// stopped before, so that it starts no more, and they are its children still when they are looked for.
    /// </summary>
    public async Task KillAsync(CancellationToken cancel)
    {
        var main = Main();
        Kill("STOP", main);
        List<int> all = [main, .. Children(main).Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
        Kill("KILL", all.Cast<object>());
        foreach (var pid in all)
        {
            await WaitUntilGoneAsync(pid, cancel);
        }

        File.Delete(PidFile); // else the next start looks whether a process of that number runs
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private static async Task WaitUntilGoneAsync(int pid, CancellationToken cancel)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            await process.WaitForExitAsync(cancel);
        }
        catch (ArgumentException)
        {
            // gone already
        }
    }

    private int Main() => int.Parse(File.ReadLines(PidFile).First(), CultureInfo.InvariantCulture);

    private static string[] Children(int main)
    {
        var start = new ProcessStartInfo("ps", ["-o", "pid=", "--ppid", main.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using var ps = Process.Start(start)!;
        return ps.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private static void Kill(string signal, params IEnumerable<object> pids)
    {
        var start = new ProcessStartInfo("kill", ["-" + signal, .. pids.Select(pid => $"{pid}")]) { RedirectStandardError = true };
        using var kill = Process.Start(start)!;
        kill.WaitForExit();
    }
}
