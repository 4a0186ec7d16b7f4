namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>
/// Scrapes the aggregator again and again while a spec does its worst, and remembers every total that went down. It proves that it
/// looked: a spec states how many scrapes and how much growth its run must have shown.
/// </summary>
internal sealed class ScrapeLoop : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, decimal> _highest = [];
    private readonly List<string> _decreases = [];
    private readonly Func<ProgramUnderTest> _aggregator;
    private readonly string _serverPort;
    private readonly Task _loop;
    private int _scrapes;
    private decimal _grown;

    /// <param name="aggregator">The process to ask now; it changes when the spec restarts it.</param>
    public ScrapeLoop(Func<ProgramUnderTest> aggregator, int serverPort)
    {
        _aggregator = aggregator;
        _serverPort = $"{serverPort}";
        _loop = Task.Run(Loop);
    }

    /// <summary>Stops and says what it saw.</summary>
    public async Task Verify(int atLeastScrapes, decimal atLeastGrowth)
    {
        await _stopping.CancelAsync();
        await _loop;
        Assert.Empty(_decreases);
        Assert.True(_scrapes >= atLeastScrapes, $"It saw {_scrapes} scrapes with links in them; this run must give {atLeastScrapes}.");
        Assert.True(_grown >= atLeastGrowth, $"It saw totals grow by {_grown} bytes; this run must give {atLeastGrowth}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private static bool IsTotal(Series series) =>
        series.Name is "caretta_links_observed" or "caretta_link_past_bytes"
        || series.Name.EndsWith("_total", StringComparison.Ordinal)
        || series.Name.EndsWith("_sum", StringComparison.Ordinal)
        || series.Name.EndsWith("_count", StringComparison.Ordinal);

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
            // Verify or DisposeAsync
        }
    }

    private void Look(Scrape scrape)
    {
        var links = scrape.All.Where(series => series["server_port"] == _serverPort && IsTotal(series)).ToList();
        _scrapes += links.Count > 0 ? 1 : 0;
        foreach (var series in links)
        {
            var before = _highest.GetValueOrDefault(series.Key);
            if (series.Value < before)
            {
                _decreases.Add($"{series.Key}: {before} → {series.Value}");
            }
            else if (series.Name == "caretta_links_observed")
            {
                _grown += series.Value - before;
            }

            _highest[series.Key] = Math.Max(before, series.Value);
        }
    }
}
