using System.Globalization;
using System.Text.RegularExpressions;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>What a program's <c>/metrics</c> said at one moment.</summary>
internal sealed partial class Scrape
{
    private Scrape(IReadOnlyList<Series> series) => All = series;

    public IReadOnlyList<Series> All { get; }

    public static Scrape Parse(string text) => new(
    [
        .. from line in text.Split('\n')
           where line.Length > 0 && line[0] != '#'
           let match = Line().Match(line)
           let labels = Label().Matches(match.Groups["labels"].Value)
           where match.Groups["value"].Value is not ("NaN" or "+Inf")
           select new Series(
               match.Groups["name"].Value,
               labels.ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value),
               decimal.Parse(match.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture))
           {
               Key = line[..line.LastIndexOf(' ')],
           },
    ]);

    /// <summary>Sum over the series of this name whose labels agree; 0 when there is none.</summary>
    public decimal Sum(string name, params (string Label, string Value)[] labels) =>
        All.Where(series => series.Name == name && labels.All(wanted => series[wanted.Label] == wanted.Value)).Sum(series => series.Value);

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$""")]
    private static partial Regex Line();

    [GeneratedRegex("""(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"(?:,|$)""")]
    private static partial Regex Label();
}
