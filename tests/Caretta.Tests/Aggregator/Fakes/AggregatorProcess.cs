using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>The real executable, on ports it picks itself; without TLS unless told otherwise.</summary>
internal sealed partial class AggregatorProcess : IAsyncDisposable
{
    private readonly Process _process;

    private AggregatorProcess(Process process) => _process = process;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Uri Http { get; private set; } = null!;

    public Uri Ingress { get; private set; } = null!;

    /// <summary>Beside the tests' own output: the same configuration, and with the settings file of the aggregator, not the agent's.</summary>
    private static string Executable
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var repository = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
            return Path.Combine(repository, "Caretta.Aggregator", "bin", output.Parent.Name, output.Name, "caretta-aggregator");
        }
    }

    /// <summary>Runs it to its end, for starts that fail.</summary>
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var error = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await error);
    }

    public static async Task<AggregatorProcess> StartAsync(string folder, params string[] args)
    {
        string[] ports = ["--http-port=0", "--ingress-port=0", "--remote-port=0", "--data-folder=" + folder];
        var aggregator = new AggregatorProcess(Start([.. ports, .. args]));
        while (await aggregator._process.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            if (Listening().Match(line) is { Success: true } listening)
            {
                aggregator.Http = new Uri(listening.Groups[1].Value);
                aggregator.Ingress = new Uri(listening.Groups[2].Value);
                _ = aggregator._process.StandardOutput.ReadToEndAsync(Cancel);
                _ = aggregator._process.StandardError.ReadToEndAsync(Cancel);
                return aggregator;
            }
        }

        throw new InvalidOperationException(await aggregator._process.StandardError.ReadToEndAsync(Cancel));
    }

    public Task<Page> ScrapeAsync() => Page.ScrapeAsync(Http);

    /// <summary>SIGKILL: nothing in the process gets to know.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Cancel);
    }

    /// <summary>SIGTERM.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(Cancel);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static Process Start(params string[] args)
    {
        string[] security = args.Any(arg => arg.StartsWith("--security=", StringComparison.Ordinal)) ? [] : ["--security=Off"];
        var start = new ProcessStartInfo(Executable, [.. args, .. security]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"Metrics on (https?://[^ ,]+), agents on (https?://[^ ,""]+)")]
    private static partial Regex Listening();
}
