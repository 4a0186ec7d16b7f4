using System.Diagnostics;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>A Docker of the spec's own: it touches neither the machine's firewall and bridges nor another Docker.</summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    public const string Daemon = "/usr/sbin/dockerd";

    /// <summary>By its path: another one on the PATH may be too new for this daemon.</summary>
    public const string Client = "/usr/bin/docker";

    private readonly Process _daemon;
    private readonly string _log;

    private DockerEngine(string folder)
    {
        (Address, _log) = ($"unix://{folder}/docker.sock", Path.Combine(folder, "docker.log"));
        string[] options =
        [
            "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--bridge=none", "--storage-driver=overlay2", $"--host={Address}",
            $"--data-root={folder}/data", $"--exec-root={folder}/exec", $"--pidfile={folder}/docker.pid",
        ];
        _daemon = Process.Start("sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", _log, Daemon, .. options]);
    }

    public string Address { get; }

    /// <param name="folder">Empty, and short enough for a socket in it.</param>
    public static async Task<DockerEngine> Start(string folder)
    {
        var engine = new DockerEngine(folder);
        await Eventually.True(
            () =>
            {
                Assert.False(engine._daemon.HasExited, $"Docker did not start:\n{File.ReadAllText(engine._log)}");
                return Task.FromResult(Command.Try(Client, "--host", engine.Address, "version").ExitCode == 0);
            },
            () => $"Docker's answer; it said:\n{File.ReadAllText(engine._log)}");
        return engine;
    }

    /// <returns>What it printed.</returns>
    public string Run(params string[] arguments) => Command.Run(Client, ["--host", Address, .. arguments]);

    /// <summary>Another program that asks this Docker, with BuildKit.</summary>
    public string RunWith(string program, params string[] arguments) =>
        Command.Run("env", [$"DOCKER_HOST={Address}", "DOCKER_BUILDKIT=1", "BUILDKIT_PROGRESS=plain", program, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (!_daemon.HasExited)
        {
            Command.Run("kill", "-TERM", $"{_daemon.Id}"); // it ends its containerd, too
            await _daemon.WaitForExitAsync();
        }

        _daemon.Dispose();
    }
}
