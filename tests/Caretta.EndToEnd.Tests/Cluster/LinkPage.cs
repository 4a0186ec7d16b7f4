using System.Globalization;
using Caretta.Messages;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>The links' totals of one scrape: each series by its name and labels as written. Read by hand, since every second brings several.</summary>
/// <param name="Began">When the member says that it began, in nanoseconds of the clock that all processes share.</param>
/// <param name="Shards">One bit for each that has links here.</param>
internal sealed record LinkPage(string Member, long Began, IReadOnlyDictionary<string, decimal> Totals, UInt128 Shards)
{
    public const string Observed = "caretta_links_observed{";
    private const string LinkId = "link_id=\"";
    private static readonly string[] TotalEndings = ["_total{", "_sum{", "_count{"];

    public static LinkPage Parse(string member, string text)
    {
        var (began, shards) = (0L, UInt128.Zero);
        var totals = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (IsTotalOfLink(line))
            {
                totals.Add(line[..line.LastIndexOf(' ')].ToString(), decimal.Parse(ValueOf(line), CultureInfo.InvariantCulture));
                shards |= line.StartsWith(Observed, StringComparison.Ordinal)
                    ? UInt128.One << LinkSharding.ShardOf(LinkOf(line), LinkSharding.DefaultShardCount)
                    : 0;
            }
            else if (line.StartsWith("caretta_aggregator_scrape_began_seconds ", StringComparison.Ordinal))
            {
                began = (long)(decimal.Parse(ValueOf(line), NumberStyles.Float, CultureInfo.InvariantCulture) * 1_000_000_000);
            }
        }

        return new LinkPage(member, began, totals, shards);
    }

    /// <summary>The link's id in a series as written.</summary>
    public static ulong LinkOf(ReadOnlySpan<char> series)
    {
        var id = series[(series.IndexOf(LinkId) + LinkId.Length)..];
        return ulong.Parse(id[..id.IndexOf('"')], CultureInfo.InvariantCulture);
    }

    private static ReadOnlySpan<char> ValueOf(ReadOnlySpan<char> line) => line[(line.LastIndexOf(' ') + 1)..];

    private static bool IsTotalOfLink(ReadOnlySpan<char> line)
    {
        if (line.StartsWith(Observed, StringComparison.Ordinal) || line.StartsWith("caretta_link_past_bytes{", StringComparison.Ordinal))
        {
            return true;
        }

        var name = line[..(line.IndexOf('{') + 1)];
        return line.StartsWith("caretta_link_", StringComparison.Ordinal)
            && (name.EndsWith(TotalEndings[0], StringComparison.Ordinal) || name.EndsWith(TotalEndings[1], StringComparison.Ordinal)
                || name.EndsWith(TotalEndings[2], StringComparison.Ordinal));
    }
}
