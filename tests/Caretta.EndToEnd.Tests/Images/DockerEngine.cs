using System.Diagnostics;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>
/// A Docker of the spec's own: it touches neither the machine's firewall and bridges nor another Docker. It ends with this process, however that came about.
/// </summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    public const string Daemon = "/usr/sbin/dockerd";

    /// <summary>By its path: another one on the PATH may be too new for this daemon.</summary>
    public const string Client = "/usr/bin/docker";

    /// <summary>Nobody writes to its standard input: it ends when the other side does. Docker, asked to end, ends its containerd. $1 is the log.</summary>
    private const string Guard = """
        log=$1; shift
        "$@" >"$log" 2>&1 </dev/null &
        read -r _
        kill -TERM $! 2>/dev/null
        wait
        """;

    private readonly Process _guard;
    private readonly string _log;

    private DockerEngine(string folder)
    {
        (Address, _log) = ($"unix://{folder}/docker.sock", Path.Combine(folder, "docker.log"));
        string[] options =
        [
            "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--bridge=none", "--storage-driver=overlay2", $"--host={Address}",
            $"--data-root={folder}/data", $"--exec-root={folder}/exec", $"--pidfile={folder}/docker.pid",
        ];
        _guard = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Guard, "guard", _log, Daemon, .. options]) { RedirectStandardInput = true })!;
    }

    public string Address { get; }

    private string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <param name="folder">Empty, and short enough for a socket in it.</param>
    public static async Task<DockerEngine> Start(string folder)
    {
        var engine = new DockerEngine(folder);
        try
        {
            await Eventually.True(
                () =>
                {
                    Assert.DoesNotContain("failed to start daemon", engine.Log, StringComparison.Ordinal);
                    return Task.FromResult(Command.Try(Client, "--host", engine.Address, "version").ExitCode == 0);
                },
                () => $"Docker's answer; it said:\n{engine.Log}");
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <returns>What it printed.</returns>
    public string Run(params string[] arguments) => Command.Run(Client, ["--host", Address, .. arguments]);

    /// <summary>Another program that asks this Docker, with BuildKit.</summary>
    public string RunWith(string program, params string[] arguments) =>
        Command.Run("env", [$"DOCKER_HOST={Address}", "DOCKER_BUILDKIT=1", "BUILDKIT_PROGRESS=plain", program, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
