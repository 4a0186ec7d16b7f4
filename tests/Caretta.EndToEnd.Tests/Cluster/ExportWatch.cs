using System.Diagnostics;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// Scrapes every member about once a second, as a Prometheus would, and remembers what must not be: a total that fell, wherever its link
/// lived before and after, and a link that two members show by turns.
/// </summary>
internal sealed class ExportWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(800);

    /// <summary>Two members that show a link in turn, so often within this time, both export it: no shard moves as fast.</summary>
    private const int AllowedTurns = 3;
    private static readonly TimeSpan TurnsWithin = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (decimal Value, long SeenAt)> _highest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<(string Member, long Began)>> _turns = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private readonly List<Task> _loops = [];
    private int _pages;

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
    public int Pages
    {
        get
        {
            lock (_lock)
            {
                return _pages;
            }
        }
    }

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
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        _stopping.Dispose();
    }

    private static async Task<LinkPage?> Scrape(Supervised member, Tally? tally = null)
    {
        var (began, life) = (Stopwatch.GetTimestamp(), member.Program);
        if (await life.Text("/metrics") is not { } text)
        {
            return null;
        }

        tally?.Look(life, text);
        return LinkPage.Parse(member.Name, began, Stopwatch.GetTimestamp(), text);
    }

    private async Task Loop(Supervised program)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            do
            {
                if (program.Lives.Count > 0 && await Scrape(program, Tally) is { } page)
                {
                    Look(page);
                }
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // DisposeAsync
        }
    }

    private void Look(LinkPage page)
    {
        lock (_lock)
        {
            _pages += page.Totals.Count > 0 ? 1 : 0;
            foreach (var (series, value) in page.Totals)
            {
                LookForFall(page, series, value);
                if (series.StartsWith("caretta_links_observed{", StringComparison.Ordinal))
                {
                    LookForTurns(page, series);
                }
            }
        }
    }

    private void LookForFall(LinkPage page, string series, decimal value)
    {
        if (!_highest.TryGetValue(series, out var highest) || value >= highest.Value)
        {
            _highest[series] = (value, page.Ended);
        }
        else if (page.Began > highest.SeenAt)
        {
            _faults.Add($"{series} fell from {highest.Value} to {value} ({page.Member})");
            _highest[series] = (value, page.Ended); // told once
        }
    }

    private void LookForTurns(LinkPage page, string series)
    {
        if (!_turns.TryGetValue(series, out var turns))
        {
            _turns.Add(series, turns = []);
        }

        if (turns.Count > 0 && turns.Last().Member == page.Member)
        {
            return;
        }

        turns.Enqueue((page.Member, page.Began));
        while (Stopwatch.GetElapsedTime(turns.Peek().Began, page.Began) > TurnsWithin)
        {
            turns.Dequeue();
        }

        if (turns.Count > AllowedTurns)
        {
            _faults.Add($"{series} is shown by {string.Join(", ", turns.Select(turn => turn.Member))} in turn");
            turns.Clear();
        }
    }
}
