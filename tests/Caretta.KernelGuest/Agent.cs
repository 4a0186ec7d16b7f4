using System.Diagnostics;
using System.Globalization;
using Caretta.Node.Kernel;

namespace Caretta.KernelGuest;

/// <summary>The agent as a process of its own, started, killed, asked and stopped as an operator would.</summary>
internal sealed class Agent : IDisposable
{
    private const int HttpPort = 7120;
    private const string Counting = "Connections are counted by the path";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;

    /// <summary>Returns once its programs are attached. It is not asked over a connection: that would be older than they are.</summary>
    public Agent(string folder, ProbePath path)
    {
        _process = new Process { StartInfo = new ProcessStartInfo(Environment.ProcessPath!, Settings(folder, path)) { RedirectStandardOutput = true } };
        var counting = false;
        _process.OutputDataReceived += (_, line) =>
        {
            Console.WriteLine(line.Data);
            counting |= line.Data?.Contains(Counting, StringComparison.Ordinal) ?? false;
        };
        _process.Start();
        _process.BeginOutputReadLine();
        Until(() => Volatile.Read(ref counting));
        if (!counting)
        {
            throw new InvalidOperationException("The agent does not count.");
        }
    }

    /// <summary>Until something is so, or the agent ends, or it takes too long: what comes after tells which.</summary>
    public void Until(Func<bool> what)
    {
        for (var began = Stopwatch.GetTimestamp(); !what() && !_process.WaitForExit(Pause) && Stopwatch.GetElapsedTime(began) < Patience;)
        {
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM.</summary>
    public void Stop()
    {
        using var kill = Process.Start("/bin/kill", _process.Id.ToString(CultureInfo.InvariantCulture));
        _process.WaitForExit();
    }

    /// <summary>Of its counters.</summary>
    public static double Counter(string name)
    {
        using var http = new HttpClient();
        // A scenario has the guest to itself: there is nobody whom a thread that waits could hold up.
        var page = http.GetStringAsync(new Uri($"http://127.0.0.1:{HttpPort}/metrics")).GetAwaiter().GetResult();
        var line = page.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    public void Dispose() => _process.Dispose();

    private static string[] Settings(string folder, ProbePath path) =>
    [
        "caretta-node", "--security", "Off", "--aggregator", "http://127.0.0.1:7118", "--poll-interval", "00:00:00.500", "--run-folder", $"{folder}/run",
        "--data-folder", folder, "--detach-on-stop", "true", "--probe-path", path.ToString(),
    ];
}
