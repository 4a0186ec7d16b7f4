using System.Collections.Concurrent;
using System.Globalization;
using Caretta.EndToEnd.Tests.Programs;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>What programs counted about themselves, over all their lives: a counter begins at zero with each process.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<(ProgramUnderTest Life, string Series), decimal> _latest = [];

    /// <param name="page">What the life's /metrics said now.</param>
    public void Look(ProgramUnderTest life, string page)
    {
        foreach (var line in page.AsSpan().EnumerateLines())
        {
            // Links' own series are many, and looked at elsewhere.
            if (IsCounterOfTheProgram(line) && line.LastIndexOf(' ') is var value and > 0)
            {
                _latest[(life, line[..value].ToString())] = decimal.Parse(line[(value + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>Of all programs and lives, over all labels.</summary>
    public decimal Of(string counter) => _latest.Where(entry => NameOf(entry.Key.Series) == counter).Sum(entry => entry.Value);

    private static bool IsCounterOfTheProgram(ReadOnlySpan<char> line) =>
        (line.StartsWith("caretta_aggregator_", StringComparison.Ordinal) || line.StartsWith("caretta_node_", StringComparison.Ordinal))
        && (line.Contains("_total ", StringComparison.Ordinal) || line.Contains("_total{", StringComparison.Ordinal));

    private static string NameOf(string series) => series.Split('{')[0];
}
