using System.Text.Json;

namespace Caretta.Benchmarks.Kernel;

/// <summary>The kernel's own account of how often its eBPF programs ran and how long. Counted while this lives; then as before.</summary>
internal sealed class ProgramStatistics : IDisposable
{
    private const string Setting = "/proc/sys/kernel/bpf_stats_enabled";

    private readonly string _before = File.ReadAllText(Setting);

    public ProgramStatistics() => File.WriteAllText(Setting, "1");

    public static int IdOfPinned(string link) => Ask("link", "show", "pinned", link).GetProperty("prog_id").GetInt32();

    public static int IdOfNamed(string program) => Ask("prog", "show", "name", program).GetProperty("id").GetInt32();

    /// <summary>Since it was loaded.</summary>
    public static (long Runs, long Nanoseconds) Of(int id)
    {
        var program = Ask("prog", "show", "id", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return program.TryGetProperty("run_cnt", out var runs) ? (runs.GetInt64(), program.GetProperty("run_time_ns").GetInt64()) : (0, 0);
    }

    public void Dispose() => File.WriteAllText(Setting, _before);

    private static JsonElement Ask(params string[] question)
    {
        using var answer = JsonDocument.Parse(Command.Run("/usr/sbin/bpftool", ["-j", .. question]));
        var root = answer.RootElement.Clone();
        return root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().Single() : root;
    }
}
