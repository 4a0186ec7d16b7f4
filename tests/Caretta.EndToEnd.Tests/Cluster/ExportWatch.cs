using System.Diagnostics;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// Scrapes every member about once a second, as a Prometheus would, and remembers every total that fell, wherever its link lived before and after,
/// and which shards were where.
/// </summary>
internal sealed class ExportWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(800);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (decimal Value, long SeenAt)> _highest = new(StringComparer.Ordinal);
    private readonly List<SeenShards> _seen = [];
    private readonly List<string> _faults = [];
    private long _restored;
    private readonly List<Task> _loops = [];

    /// <summary>What members, and agents if they are added, counted about themselves.</summary>
    public Tally Tally { get; } = new();

    /// <summary>What was seen that must not be.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_lock)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Pages with links in them.</summary>
    public IReadOnlyList<SeenShards> Pages
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Now, on the clock of <see cref="SeenShards"/>.</summary>
    public static long Now => Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    public void Add(Supervised program)
    {
        lock (_lock)
        {
            _loops.Add(Task.Run(() => Loop(program)));
        }
    }

    /// <summary>
    /// What all members together export now, by series. Each is scraped anew, so that nothing older than this call is in it; null if one of
    /// them did not answer.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, decimal>?> Sum(IEnumerable<Supervised> members)
    {
        var pages = await Task.WhenAll(members.Select(member => Scrape(member)));
        return pages.Any(page => page is null)
            ? null
            : pages.SelectMany(page => page!.Totals).GroupBy(total => total.Key).ToDictionary(series => series.Key, series => series.Sum(total => total.Value));
    }

    /// <summary>The database was put back to an earlier state: what it knew no more may be exported lower until agents have resent it.</summary>
    public void DatabaseWasRestored()
    {
        lock (_lock)
        {
            _highest.Clear();
            _restored = Now;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        _stopping.Dispose();
    }

    private static async Task<LinkPage?> Scrape(Supervised member) =>
        await member.Program.Text("/metrics") is { } text ? LinkPage.Parse(member.Name, text) : null;

    private async Task Loop(Supervised program)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            do
            {
                if (program.Lives.Count > 0)
                {
                    await Look(program);
                }
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // DisposeAsync
        }
    }

    private async Task Look(Supervised program)
    {
        var life = program.Program;
        if (await life.Text("/metrics") is not { } text)
        {
            return;
        }

        var ended = Now;
        Tally.Look(life, text);
        var page = LinkPage.Parse(program.Name, text);
        lock (_lock)
        {
            if (page.Shards != 0)
            {
                _seen.Add(new SeenShards(life, program.Name, page.Began, ended, page.Shards));
            }

            foreach (var (series, value) in page.Began > _restored ? page.Totals : new Dictionary<string, decimal>())
            {
                LookForFall(page, series, value, ended);
            }
        }
    }

    /// <summary>Two scrapes that overlap may have taken their values in either order.</summary>
    private void LookForFall(LinkPage page, string series, decimal value, long ended)
    {
        if (!_highest.TryGetValue(series, out var highest) || value >= highest.Value)
        {
            _highest[series] = (value, ended);
        }
        else if (page.Began > highest.SeenAt)
        {
            _faults.Add($"{series} fell from {highest.Value}, seen until {highest.SeenAt} ns, to {value} at {page.Member}, seen from {page.Began} ns to {ended} ns");
            _highest[series] = (value, ended); // told once
        }
    }
}
