namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>
/// Some sandboxes' kernels run no eBPF program while their supervisor, the first process, is current: a connection that ends in an interrupt of
/// it is hidden from every program. The kernel's own event log shows such changes, so a run can tell whether it met any.
/// </summary>
internal sealed class HiddenChanges : IDisposable
{
    private const string Tracing = "/sys/kernel/tracing";

    private readonly string _log = Path.Combine(Tracing, "instances", $"caretta-{Guid.NewGuid():N}");
    private readonly int _process;

    /// <param name="process">Whose changes are hidden.</param>
    public HiddenChanges(int process = 1)
    {
        _process = process;
        if (!Directory.Exists(Path.Combine(Tracing, "instances")))
        {
            Command.Run("mount", "-t", "tracefs", "none", Tracing);
        }

        Directory.CreateDirectory(_log);
        // Threads it starts from now on are logged as well, and so is what it starts besides: Count tells them apart.
        File.WriteAllText(Path.Combine(_log, "options", "event-fork"), "1");
        File.WriteAllText(Path.Combine(_log, "options", "record-tgid"), "1");
        File.WriteAllText(Path.Combine(_log, "set_event_pid"), string.Join(' ', Directory.EnumerateDirectories($"/proc/{process}/task").Select(Path.GetFileName)));
        Enable(true);
    }

    /// <summary>
    /// So far. A line is "name-thread (process) [processor] flags time: change"; the kernel has no name for the process of a thread that never slept since
    /// the log began, and only the first threads' can be such.
    /// </summary>
    public int Count => File.ReadLines(Path.Combine(_log, "trace"))
        .Count(line => line.Contains($"({_process,7})", StringComparison.Ordinal) || line.Contains("(-------)", StringComparison.Ordinal));

    /// <summary>
    /// Runs a scenario that must come out exact. One that does not while changes were hidden from the programs proves nothing, and is run
    /// again; one that does not while all could be seen fails.
    /// </summary>
    /// <param name="attempts">At most; fewer for what takes long.</param>
    /// <param name="canExplain">Which failures hidden changes can be the reason of; all, if not given.</param>
    public static async Task Excluded(ITestOutputHelper output, Func<Task> scenario, int attempts = 5, Func<Exception, bool>? canExplain = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var hidden = new HiddenChanges();
            try
            {
                await scenario();
                return;
            }
            catch (Exception failed) when (attempt < attempts && hidden.Count > 0 && canExplain?.Invoke(failed) != false)
            {
                output.WriteLine($"{hidden.Count} changes of state were hidden from all programs in this run, which proves nothing: {failed.Message}");
            }
        }
    }

    /// <inheritdoc cref="Excluded(ITestOutputHelper, Func{Task}, int, Func{Exception, bool})"/>
    public static Task Excluded(ITestOutputHelper output, Action scenario) => Excluded(output, () =>
    {
        scenario();
        return Task.CompletedTask;
    });

    public void Dispose()
    {
        Enable(false);
        Directory.Delete(_log);
    }

    private void Enable(bool on) => File.WriteAllText(Path.Combine(_log, "events", "sock", "inet_sock_set_state", "enable"), on ? "1" : "0");
}
