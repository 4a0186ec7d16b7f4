using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>The real executable, on ports it picks itself; without TLS unless told otherwise.</summary>
internal sealed partial class AggregatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private volatile bool _disposed;
    private Task<string> _error = Task.FromResult("");

    private AggregatorProcess(Process process) => _process = process;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What it has logged so far.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

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

    public static Task<AggregatorProcess> StartAsync(string folder, params string[] args) => StartAsync(With(InFolder(folder, args)));

    /// <summary>One for <see cref="StarveAsync"/>.</summary>
    public static Task<AggregatorProcess> StartStarvableAsync(string folder, params string[] args)
    {
        var start = With(InFolder(folder, args));
        start.RedirectStandardInput = true;
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        return StartAsync(start);
    }

    private static async Task<AggregatorProcess> StartAsync(ProcessStartInfo start)
    {
        var aggregator = new AggregatorProcess(Process.Start(start)!);
        while (await aggregator._process.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            aggregator._lines.Enqueue(line);
            if (Listening().Match(line) is { Success: true } listening)
            {
                aggregator.Http = new Uri(listening.Groups[1].Value);
                aggregator.Ingress = new Uri(listening.Groups[2].Value);
                _ = aggregator.ReadAsync();
                aggregator._error = aggregator._process.StandardError.ReadToEndAsync(CancellationToken.None);
                return aggregator;
            }
        }

        throw new InvalidOperationException(await aggregator._process.StandardError.ReadToEndAsync(Cancel));
    }

    public Task<Page> ScrapeAsync() => Page.ScrapeAsync(Http);

    /// <summary>Scrapes again and again until the figure is as wanted. The deadline only turns a hang into a failure.</summary>
    public async Task ScrapeUntilAsync(string name, Func<double, bool> isWanted)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromMinutes(5));
        await Eventually.TrueAsync(async () =>
        {
            var value = (await ScrapeAsync()).Value(name);
            Assert.False(deadline.IsCancellationRequested && !isWanted(value), $"{name} stays at {value}; the aggregator said:\n{string.Join('\n', Lines)}");
            return isWanted(value);
        });
    }

    /// <summary>Scrapes again and again until the links' bytes are as wanted: a batch is acknowledged before its links show it.</summary>
    /// <returns>The page that shows it.</returns>
    public async Task<Page> ScrapeUntilObservedAsync(IReadOnlyDictionary<string, double> wanted)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            var page = await ScrapeAsync();
            var observed = page.ByLink("caretta_links_observed");
            if (observed.Count == wanted.Count && wanted.All(link => observed.GetValueOrDefault(link.Key, -1) == link.Value))
            {
                return page;
            }

            if (deadline.IsCancellationRequested)
            {
                Assert.Equal(wanted, observed);
            }

            await Task.Yield();
        }
    }

    public bool HasEnded => _disposed || _process.HasExited;

    /// <summary>Waits for an end that nobody asked for.</summary>
    public async Task<(int ExitCode, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync(Cancel);
        return (_process.ExitCode, await _error);
    }

    /// <summary>SIGSTOP: it does nothing until <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>So many threads of its common pool wait from now on, for ever, or would if it had them.</summary>
    public async Task StarveAsync(int threads)
    {
        await _process.StandardInput.WriteLineAsync($"{threads}");
        await _process.StandardInput.FlushAsync(Cancel);
        while (!_lines.Contains(StartupHook.Begun))
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>SIGKILL: nothing in the process gets to know.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Cancel);
    }

    /// <summary>SIGTERM.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync(Cancel);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _disposed = true;
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancel);
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            _lines.Enqueue(line);
        }
    }

    /// <summary>For commands that are not to come to their end.</summary>
    public static Process Start(params string[] args) => Process.Start(With(args))!;

    private static string[] InFolder(string folder, string[] args) =>
        ["--http-port=0", "--ingress-port=0", "--remote-port=0", "--data-folder=" + folder, .. args];

    private static ProcessStartInfo With(string[] args)
    {
        string[] security = args.Any(arg => arg.StartsWith("--security=", StringComparison.Ordinal)) ? [] : ["--security=Off"];
        return new ProcessStartInfo(Executable, [.. args, .. security]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    [GeneratedRegex(@"Metrics on (https?://[^ ,]+), agents on (https?://[^ ,""]+)")]
    private static partial Regex Listening();
}
