using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>
/// What scrapes found, against what the members recorded: on the clock that all processes of a machine share, no scrape that began after a
/// shard's next owner first exported it finds a link of it at another member, and no link's total falls, wherever it is.
/// </summary>
internal sealed partial class ScrapeRecords
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<Found> _found = new();
    private readonly ConcurrentDictionary<AggregatorProcess, bool> _paused = [];
    private readonly List<Task> _loops = [];
    private volatile bool _stopping;

    public void Watch(AggregatorProcess member) => _loops.Add(Task.Run(() => ScrapeAsync(member)));

    public bool IsPaused(AggregatorProcess member) => _paused.ContainsKey(member);

    public void Pause(AggregatorProcess member) => _paused[member] = true;

    public Task StopAsync()
    {
        _stopping = true;
        return Task.WhenAll(_loops);
    }

    public void Verify(IReadOnlyList<AggregatorProcess> members, int leastMoves)
    {
        var records = members.SelectMany(Records).ToLookup(record => record.Shard);
        Assert.True(records.Sum(shard => shard.Count(record => record.Begins)) - records.Count >= leastMoves, "Too few shards moved.");
        Assert.NotEmpty(_found);
        Assert.Empty(_found.GroupBy(found => found.Link).SelectMany(Fallen));
        Assert.Empty(_found.SelectMany(found => Late(found, records)).Distinct());
    }

    /// <summary>A scrape takes the values some time after it began: of two that overlap either may have them first.</summary>
    private static IEnumerable<string> Fallen(IGrouping<string, Found> link)
    {
        var (highest, ended) = (0D, new PriorityQueue<double, long>());
        foreach (var found in link.OrderBy(found => found.Began))
        {
            while (ended.TryPeek(out var value, out var at) && at < found.Began)
            {
                highest = Math.Max(highest, value);
                ended.Dequeue();
            }

            if (found.Value < highest)
            {
                yield return $"link {link.Key} fell from {highest} to {found.Value} at {found.Began} ns";
            }

            ended.Enqueue(found.Value, found.Ended);
        }
    }

    /// <summary>
    /// It was found at an owner of before. A scrape that began before may find a shard that its member exported meanwhile: which owner this is
    /// is told by the time it ended.
    /// </summary>
    private static IEnumerable<string> Late(Found found, ILookup<int, Record> records)
    {
        var shard = LinkSharding.ShardOf(ulong.Parse(found.Link, CultureInfo.InvariantCulture), LinkSharding.DefaultShardCount);
        var begins = records[shard].Where(record => record.Begins).ToList();
        var own = begins.Where(record => record.Member == found.Member && record.At <= found.Ended).MaxBy(record => record.At);
        var next = begins.Where(record => record.Member != found.Member && record.At > (own?.At ?? 0) && record.At <= found.Began).MaxBy(record => record.At);
        return next is null ? [] : [$"link {found.Link} of shard {shard} was found {(found.Began - next.At) / 1e6} ms after its next owner first exported it"];
    }

    private static IEnumerable<Record> Records(AggregatorProcess member) =>
        from line in member.Lines
        let match = Line().Match(line)
        where match.Success
        select new Record(
            member, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value == "from",
            long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));

    /// <summary>While it is stopped, a scrape waits and is answered when it goes on.</summary>
    private async Task ScrapeAsync(AggregatorProcess member)
    {
        using var next = new PeriodicTimer(Between);
        while (!_stopping && await next.WaitForNextTickAsync())
        {
            try
            {
                var page = await Page.ScrapeAsync(member.Http);
                var (began, ended) = ((long)(page.Value("caretta_aggregator_scrape_began_seconds") * 1e9), Now());
                foreach (var (link, value) in page.ByLink("caretta_links_observed"))
                {
                    _found.Enqueue(new Found(member, began, ended, link, value));
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException)
            {
                if (member.HasEnded)
                {
                    return;
                }
            }
        }
    }

    private static long Now() => Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    [GeneratedRegex(@"Shard (\d+) exported (from|until) (\d+) ns")]
    private static partial Regex Line();

    private sealed record Found(AggregatorProcess Member, long Began, long Ended, string Link, double Value);

    private sealed record Record(AggregatorProcess Member, int Shard, bool Begins, long At);
}
