using Caretta.EndToEnd.Tests.Cluster.Faults;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// Runs faults one into the other, in an order drawn from a seed: the next begins a moment after the last began, whether that has ended or
/// not, unless they touch the same or exclude each other. Each given fault occurs.
/// </summary>
internal sealed class FaultSchedule(Random random, ITestOutputHelper output)
{
    private const int MostAtOnce = 3;

    /// <summary>
    /// In nanoseconds: as long as it takes with the default settings until a lost member's links are elsewhere. One that was stopped and goes on may be
    /// put out only then, and if it had the coordinator of shards, or was to get some, hand-overs wait for that.
    /// </summary>
    private const long Aftermath = 20_000_000_000;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(6);

    private readonly long _began = ExportWatch.Now;
    private readonly Dictionary<Task, (Fault Fault, long Began)> _running = [];
    private readonly List<(Fault Fault, long Began, long Ended)> _over = [];
    private int _overlaps;

    /// <summary>Faults that began while another one lasted.</summary>
    public int Overlaps => _overlaps;

    /// <summary>What the faults so far must have left behind.</summary>
    public IEnumerable<string> Traces => _over.SelectMany(over => over.Fault.Traces).Distinct();

    /// <summary>No fault that may hold up a hand-over, nor what follows from one, fell into this time, in nanoseconds as <see cref="ExportRecord"/> has it.</summary>
    public bool WasGentle(long from, long until) => !_over.Exists(over => !over.Fault.IsGentle && over.Began < until && over.Ended + Aftermath > from);

    /// <summary>Seconds since the schedule began, by which it tells what it does.</summary>
    public double At(long now) => (now - _began) / 1e9;

    public async Task Run(ClusterUnderTest cluster, IEnumerable<Fault> faults)
    {
        List<Fault> waiting = [.. faults];
        Shuffle(waiting);
        while (waiting.Count > 0)
        {
            if (_running.Count < MostAtOnce && waiting.Find(fault => !_running.Values.Any(other => Touch(fault, other.Fault))) is { } next)
            {
                waiting.Remove(next);
                Begin(next, cluster);
                await Task.WhenAny([.. _running.Keys, Pause()]);
            }
            else
            {
                await Task.WhenAny(_running.Keys);
            }

            await Reap();
        }

        while (_running.Count > 0)
        {
            await Task.WhenAny(_running.Keys);
            await Reap();
        }
    }

    private static bool Touch(Fault fault, Fault other) => fault.Targets.Intersect(other.Targets).Any() || fault.Excludes(other) || other.Excludes(fault);

    private void Shuffle(List<Fault> faults)
    {
        var order = faults.ToArray();
        random.Shuffle(order);
        faults.Clear();
        faults.AddRange(order);
    }

    private void Begin(Fault fault, ClusterUnderTest cluster)
    {
        _overlaps += _running.Count > 0 ? 1 : 0;
        Say($"begins  {fault}");
        _running.Add(fault.Run(cluster), (fault, ExportWatch.Now));
    }

    private Task Pause() => Task.Delay(ShortestPause + ((LongestPause - ShortestPause) * random.NextDouble()));

    private async Task Reap()
    {
        foreach (var ended in _running.Keys.Where(task => task.IsCompleted).ToList())
        {
            _running.Remove(ended, out var run);
            await ended; // one that had no effect fails here
            _over.Add((run.Fault, run.Began, ExportWatch.Now));
            Say($"is over {run.Fault}");
        }
    }

    private void Say(string what) => output.WriteLine($"{At(ExportWatch.Now),6:0.0} s  {what}");
}
