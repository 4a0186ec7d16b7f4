using System.Diagnostics;
using System.Globalization;

namespace Caretta.TestServers;

/// <summary>PostgreSQL's programs, run by somebody who is not root: the server refuses that.</summary>
internal sealed class PostgresPrograms(string folder, string networkNamespace)
{
    public const string User = "postgres";
    private const string Versions = "/usr/lib/postgresql";

    /// <param name="networkNamespace">Where all of them run; empty for ours.</param>
    public static PostgresPrograms Find(string networkNamespace)
    {
        var newest = Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions).Where(HasServer).MaxBy(folder => double.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            : null;
        return new PostgresPrograms(newest is null
            ? throw new InvalidOperationException($"There is no PostgreSQL in {Versions}. Debian's package is postgresql; .ci/prepare test installs it.")
            : Path.Combine(newest, "bin"), networkNamespace);
    }

    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public async Task RunAsync(string program, string[] args, CancellationToken cancel, Func<string>? whenFailed = null)
    {
        var start = AsUser(Path.Combine(folder, program), args);
        start.WorkingDirectory = "/";
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;

        // A server that is started inherits them and keeps them open: what pg_ctl wrote is there when pg_ctl ends, the end of the stream is not.
        var (output, error) = (new Tail(process.StandardOutput), new Tail(process.StandardError));
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output}{error}{whenFailed?.Invoke()}");
        }
    }

    public void GiveToUser(string path)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["-R", $"{User}:{User}", path]);
            chown.WaitForExit();
        }
    }

    private static bool HasServer(string folder) => File.Exists(Path.Combine(folder, "bin", "postgres"));

    private ProcessStartInfo AsUser(string program, string[] args)
    {
        string[] enter = networkNamespace.Length > 0 ? ["nsenter", $"--net={networkNamespace}"] : [];
        string[] become = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups"] : [];
        return new ProcessStartInfo("env", [.. enter, .. become, program, .. args]);
    }
}
