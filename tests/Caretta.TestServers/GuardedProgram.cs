using System.Diagnostics;

namespace Caretta.TestServers;

/// <summary>A server that ends with this process, however that came about, and with its folder.</summary>
internal sealed class GuardedProgram : IAsyncDisposable
{
    /// <summary>Nobody writes to its standard input: it ends when the other side does. $1 is the folder, $2 the log in it.</summary>
    private const string Guard = """
        folder=$1; log=$2; shift 2
        "$@" >"$log" 2>&1 </dev/null &
        read -r _
        kill -KILL $! 2>/dev/null
        wait
        rm -rf "$folder"
        """;

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Process _guard;
    private readonly string _log;

    private GuardedProgram(Process guard, string log) => (_guard, _log) = (guard, log);

    /// <param name="folder">Removed at the end.</param>
    public static GuardedProgram Start(string folder, string program, params IEnumerable<string> arguments)
    {
        if (!File.Exists(program))
        {
            throw new InvalidOperationException($"There is no {program}. Debian's package is {Package(program)}; .ci/prepare test installs it.");
        }

        var log = Path.Combine(folder, $"{Path.GetFileName(program)}.log");
        string[] guarded = ["sh", "-c", Guard, "guard", folder, log, program, .. arguments];
        return new GuardedProgram(Process.Start(new ProcessStartInfo("setsid", guarded) { RedirectStandardInput = true })!, log);
    }

    public string ReadLog() => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <exception cref="InvalidOperationException">It did not become so; the message holds what it wrote.</exception>
    public async Task ReadyAsync(Uri health, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2)); // only turns a hang into a failure
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!await AnswersAsync(health, patience.Token))
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{health} never answered; it wrote {ReadLog()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private static string Package(string program) => Path.GetFileName(program) == "prometheus" ? "prometheus" : "victoria-metrics";

    private static async Task<bool> AnswersAsync(Uri health, CancellationToken cancel)
    {
        try
        {
            using var response = await Http.GetAsync(health, cancel);
            return response.IsSuccessStatusCode;
        }
        catch (Exception late) when (late is HttpRequestException || (late is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false; // nobody listens yet, or has no time to answer
        }
    }
}
