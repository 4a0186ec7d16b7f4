using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>One of our two executables as a process of its own, started, asked and ended as an operator would.</summary>
internal sealed partial class ProgramUnderTest : IAsyncDisposable
{
    private const int SigKill = 9;
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigContinue = 18;

    /// <summary>As a kubelet: it asks who it is told to ask, whatever the certificate.</summary>
    private static readonly HttpClient Http = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Uri _http;

    private ProgramUnderTest(string file, int httpPort, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
        : this(file, new Uri($"http://127.0.0.1:{httpPort}"), arguments, environment)
    {
    }

    private ProgramUnderTest(string file, Uri http, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        _http = http;
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    /// <summary>What it has said so far.</summary>
    public IReadOnlyCollection<string> Lines => _output;

    public bool IsRunning => !_process.HasExited;

    public int Id => _process.Id;

    /// <summary>Once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    public static ProgramUnderTest Start(string name, int httpPort, params IEnumerable<string> arguments) =>
        new(Executable(name), httpPort, arguments);

    public static ProgramUnderTest StartIn((string Name, string Value)[] environment, string name, int httpPort, params IEnumerable<string> arguments) =>
        new(Executable(name), httpPort, arguments, environment);

    /// <summary>In a network namespace of its own. Its HTTP port must listen on the site's address.</summary>
    public static ProgramUnderTest StartAt(
        TestHost site, string name, int httpPort, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        new("nsenter", new Uri($"http://{site.Ipv4}:{httpPort}"), [$"--net=/run/netns/{site.Name}", Executable(name), .. arguments], environment);

    /// <summary>By another program, which runs it.</summary>
    public static ProgramUnderTest StartCommand(Uri http, string file, params string[] arguments) => new(file, http, arguments, []);

    /// <summary>A script of the checkout's.</summary>
    public static ProgramUnderTest StartScript(string script, int httpPort, params (string Name, string Value)[] environment) =>
        new(script, httpPort, [], environment);

    /// <summary>Runs a command of the executable to its end.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string name, params IEnumerable<string> arguments)
    {
        await using var program = new ProgramUnderTest(Executable(name), 0, arguments);
        return (await program.Ended(), program.Output);
    }

    public static async Task<(int ExitCode, string Output)> RunIn((string Name, string Value)[] environment, string name, params IEnumerable<string> arguments)
    {
        await using var program = new ProgramUnderTest(Executable(name), 0, arguments, environment);
        return (await program.Ended(), program.Output);
    }

    /// <summary>The same on a machine that lacks something: <paramref name="sabotage"/> is shell, in a mount namespace of its own.</summary>
    public static async Task<(int ExitCode, string Output)> RunWithout(string sabotage, string name, params IEnumerable<string> arguments)
    {
        await using var program = new ProgramUnderTest("unshare", 0, ["--mount", "sh", "-ec", sabotage, Executable(name), .. arguments]);
        return (await program.Ended(), program.Output);
    }

    /// <summary>For one to be started.</summary>
    public static int FreePort() => Ports.Next();

    public async Task<ProgramUnderTest> Ready()
    {
        await Eventually.True(
            async () =>
            {
                Assert.True(IsRunning, $"It ended with {(IsRunning ? 0 : _process.ExitCode)} instead of becoming ready:\n{Output}");
                return await IsReady();
            },
            () => $"ready; it said:\n{Output}");
        return this;
    }

    public async Task<bool> IsReady()
    {
        using var response = await Get("/readyz");
        return response is { IsSuccessStatusCode: true };
    }

    /// <summary>Null when nobody answers.</summary>
    public async Task<Scrape?> Scrape()
    {
        using var response = await Get("/metrics");
        if (response is not { IsSuccessStatusCode: true })
        {
            return null;
        }

        try
        {
            return Programs.Scrape.Parse(await response.Content.ReadAsStringAsync());
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return null; // killed while it answered
        }
    }

    /// <summary>For who needs its word, and not that it has none just now: it may be slow.</summary>
    public async Task<Scrape> Answer()
    {
        Scrape? scrape = null;
        await Eventually.True(
            async () =>
            {
                Assert.True(IsRunning, $"It ended with {(IsRunning ? 0 : _process.ExitCode)} instead of answering:\n{Output}");
                return (scrape = await Scrape()) is not null;
            },
            () => $"an answer; it said:\n{Output}");
        return scrape!;
    }

    /// <summary>Until it has: what it writes reaches us by another way than what it answers, and later at times.</summary>
    public Task Says(string text) => Eventually.True(
        async () =>
        {
            if (!IsRunning)
            {
                await Exited; // with all it had to say
                Assert.Contains(text, Output, StringComparison.Ordinal);
            }

            return Output.Contains(text, StringComparison.Ordinal);
        },
        () => $"\"{text}\"; it said:\n{Output}");

    /// <summary>Whatever the status; null when nobody answers.</summary>
    public async Task<string?> Text(string path)
    {
        using var response = await Get(path);
        return response is null ? null : await response.Content.ReadAsStringAsync();
    }

    /// <summary>The wall clock's time as it writes it in an answer; null when nobody answers.</summary>
    public async Task<DateTimeOffset?> Date()
    {
        using var response = await Get("/healthz");
        return response?.Headers.Date;
    }

    /// <summary>kill -9, and wait until the kernel has taken it away.</summary>
    public async Task Kill()
    {
        Signal(SigKill);
        await _process.WaitForExitAsync();
    }

    /// <summary>It does nothing until <see cref="Resume"/>.</summary>
    public void Pause() => Signal(SigStop);

    public void Resume() => Signal(SigContinue);

    /// <summary>Ctrl-C and wait for the end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> Interrupt()
    {
        Signal(SigInt);
        return Ended();
    }

    /// <summary>SIGTERM and wait for the end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> Stop()
    {
        Signal(SigTerm);
        return Ended();
    }

    /// <summary>However long it takes.</summary>
    public Task Exited => _process.WaitForExitAsync();

    public async Task<int> Ended()
    {
        using var patience = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not end; it said:\n{Output}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            // With what a script has started: it would stay, and hold the output whose end is waited for.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public static string Executable(string name, [CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
        var project = name switch
        {
            "caretta-node" => "Caretta.Node",
            "simulated-agents" => Path.Combine("tests", "Caretta.SimulatedAgents"),
            _ => "Caretta.Aggregator",
        };
        var built = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        return Path.Combine(root, project, "bin", built, "net10.0", name);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);

    private void Signal(int signal)
    {
        if (IsRunning)
        {
            _ = SendSignal(_process.Id, signal);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }

    private async Task<HttpResponseMessage?> Get(string path)
    {
        try
        {
            return await Http.GetAsync(new Uri(_http, path));
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException)
        {
            return null;
        }
    }
}
