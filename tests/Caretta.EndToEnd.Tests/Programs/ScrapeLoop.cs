namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>
/// Scrapes the aggregator again and again while a spec does its worst, and remembers every total that went down. It proves that it
/// looked: a spec states how many scrapes and how much growth its run must have shown.
/// </summary>
internal sealed class ScrapeLoop : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Series> _highest = [];
    private readonly List<string> _decreases = [];
    private readonly Func<ProgramUnderTest> _aggregator;
    private readonly Task _loop;
    private int _scrapes;

    /// <param name="aggregator">The process to ask now; it changes when the spec restarts it.</param>
    public ScrapeLoop(Func<ProgramUnderTest> aggregator)
    {
        _aggregator = aggregator;
        _loop = Task.Run(Loop);
    }

    /// <summary>Scrapes with links in them.</summary>
    public int Scrapes
    {
        get
        {
            lock (_lock)
            {
                return _scrapes;
            }
        }
    }

    /// <summary>No total of any link ever fell, and it saw enough to say so.</summary>
    /// <param name="growth">Bytes by which the links of this port must have grown under its eyes.</param>
    public void Verify(int atLeastScrapes, int serverPort, decimal growth)
    {
        lock (_lock)
        {
            Assert.Empty(_decreases);
            Assert.True(_scrapes >= atLeastScrapes, $"It saw {_scrapes} scrapes with links in them; this run must give {atLeastScrapes}.");
            var grown = _highest.Values.Where(series => series.Name == "caretta_links_observed" && series["server_port"] == $"{serverPort}").Sum(series => series.Value);
            Assert.True(grown >= growth, $"It saw totals grow by {grown} bytes; this run must give {growth}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private static bool IsTotalOfLink(Series series) =>
        series.Labels.ContainsKey("link_id")
        && (series.Name is "caretta_links_observed" or "caretta_link_past_bytes"
            || series.Name.EndsWith("_total", StringComparison.Ordinal)
            || series.Name.EndsWith("_sum", StringComparison.Ordinal)
            || series.Name.EndsWith("_count", StringComparison.Ordinal));

    private async Task Loop()
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            do
            {
                if (await _aggregator().Scrape() is { } scrape)
                {
                    Look(scrape);
                }
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // DisposeAsync
        }
    }

    private void Look(Scrape scrape)
    {
        var totals = scrape.All.Where(IsTotalOfLink).ToList();
        lock (_lock)
        {
            _scrapes += totals.Count > 0 ? 1 : 0;
            foreach (var total in totals)
            {
                if (_highest.TryGetValue(total.Key, out var before) && total.Value < before.Value)
                {
                    _decreases.Add($"{total.Key}: {before.Value} → {total.Value}");
                }
                else
                {
                    _highest[total.Key] = total;
                }
            }
        }
    }
}
