using System.Globalization;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>The links' totals of one scrape: each series by its name and labels as written. Read by hand, since every second brings several.</summary>
internal sealed record LinkPage(string Member, long Began, long Ended, IReadOnlyDictionary<string, decimal> Totals)
{
    private static readonly string[] TotalEndings = ["_total{", "_sum{", "_count{"];

    public static LinkPage Parse(string member, long began, long ended, string text)
    {
        var totals = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (IsTotalOfLink(line))
            {
                var value = line.LastIndexOf(' ');
                totals.Add(line[..value].ToString(), decimal.Parse(line[(value + 1)..], CultureInfo.InvariantCulture));
            }
        }

        return new LinkPage(member, began, ended, totals);
    }

    private static bool IsTotalOfLink(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("caretta_links_observed{", StringComparison.Ordinal) || line.StartsWith("caretta_link_past_bytes{", StringComparison.Ordinal))
        {
            return true;
        }

        var name = line[..(line.IndexOf('{') + 1)];
        return line.StartsWith("caretta_link_", StringComparison.Ordinal)
            && (name.EndsWith(TotalEndings[0], StringComparison.Ordinal) || name.EndsWith(TotalEndings[1], StringComparison.Ordinal)
                || name.EndsWith(TotalEndings[2], StringComparison.Ordinal));
    }
}
