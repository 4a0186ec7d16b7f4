using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Caretta.Demo;

/// <summary>Aggregator and agent, as <c>make run</c> starts them, with the demo's settings. What they say is kept for when they fail.</summary>
internal sealed class LocalRun : IDisposable
{
    private const string Prompt = "Ctrl-C stops both";

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _said = new();
    private readonly Process _process;

    public LocalRun(string folder, Uri apiServer)
    {
        var start = new ProcessStartInfo(Script()) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DATA"] = folder;
        foreach (var (name, value) in Settings(folder, apiServer))
        {
            start.Environment.TryAdd(name, value); // who sets them otherwise, means it
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public Task Ended => _process.WaitForExitAsync();

    public int ExitCode => _process.ExitCode;

    /// <summary>Both run, or one of them has ended.</summary>
    public Task ReadyAsync() => Task.WhenAny(_ready.Task, Ended);

    /// <summary>Both end in their order, and nothing stays in the kernel.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await Ended;
        }
    }

    public void Dispose() => _process.Dispose();

    private static IEnumerable<(string Name, string Value)> Settings(string folder, Uri apiServer) =>
    [
        ("Caretta__Aggregator__Kubernetes", "ApiServer"),
        ("Caretta__Aggregator__ApiServer", $"{apiServer}"),
        ("Caretta__Aggregator__ExternalGroups", Shop.ExternalGroups),
        ("Caretta__Node__Names", "Cluster"),
        ("Caretta__Node__NodeName", ShopObjects.Node),
        ("Caretta__Node__NamingGrace", "00:00:03"),
        ("Caretta__Node__PollInterval", "00:00:02"),
        ("Caretta__Node__IncludeNamespaces", string.Join(',', Shop.Workloads.Select(workload => workload.Namespace).Distinct())),
        ("Caretta__Node__ExcludeNamespaces", "node"), // what is outside lives on this machine as well, and would be seen from there
        ("Caretta__Node__PinFolder", $"/sys/fs/bpf/{Path.GetFileName(folder)}"),
        ("Caretta__Node__RunFolder", Path.Combine(folder, "run")),
    ];

    private static string Script([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".ci", "local"));

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }

        if (line?.Contains(Prompt, StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult();
        }
    }
}
