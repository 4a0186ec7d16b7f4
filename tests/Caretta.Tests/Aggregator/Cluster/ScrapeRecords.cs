using System.Collections.Concurrent;
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
        var fallen = new List<string>();
        var highest = new Dictionary<string, double>();
        foreach (var (member, began, link, value) in _found.OrderBy(found => found.Began))
        {
            if (value < highest.GetValueOrDefault(link))
            {
                fallen.Add($"link {link} fell to {value}");
            }

            highest[link] = value;
            var shard = LinkSharding.ShardOf(ulong.Parse(link, CultureInfo.InvariantCulture), LinkSharding.DefaultShardCount);
            var owner = records[shard].Where(record => record.Begins && record.At <= began).MaxBy(record => record.At);
            if (owner is not null && owner.Member != member)
            {
                fallen.Add($"link {link} of shard {shard} was found at the old owner {(began - owner.At) / 1e6} ms after the new one's first export");
            }
        }

        Assert.Empty(fallen.Distinct());
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
                var began = (long)(page.Value("caretta_aggregator_scrape_began_seconds") * 1e9);
                foreach (var (link, value) in page.ByLink("caretta_links_observed"))
                {
                    _found.Enqueue(new Found(member, began, link, value));
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

    [GeneratedRegex(@"Shard (\d+) exported (from|until) (\d+) ns")]
    private static partial Regex Line();

    private sealed record Found(AggregatorProcess Member, long Began, string Link, double Value);

    private sealed record Record(AggregatorProcess Member, int Shard, bool Begins, long At);
}
