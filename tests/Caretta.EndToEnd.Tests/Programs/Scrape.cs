using System.Globalization;
using System.Text.RegularExpressions;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>What a program's <c>/metrics</c> said at one moment.</summary>
internal sealed partial class Scrape
{
    private static readonly string[] Suffixes = ["_sum", "_count", "_bucket"];

    private Scrape(IReadOnlyList<Series> series, IReadOnlyDictionary<string, string> types) => (All, Types) = (series, types);

    public IReadOnlyList<Series> All { get; }

    /// <summary>The type of each family, by its name.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    /// <summary>Name, type and labels of every family, as <see cref="Family"/> writes them.</summary>
    public IEnumerable<string> Families => Types.Select(family => Family(
        family.Key,
        family.Value,
        All.Where(series => FamilyOf(series.Name) == family.Key).SelectMany(series => series.Labels.Keys).Where(label => label != "le").Distinct()));

    public static string Family(string name, string type, IEnumerable<string> labels) =>
        $"{name} {type} {{{string.Join(',', labels.Order(StringComparer.Ordinal))}}}";

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
        ],
        text.Split('\n').Select(line => line.Split(' ')).Where(words => words is ["#", "TYPE", ..]).ToDictionary(words => words[2], words => words[3]));

    /// <summary>Sum over the series of this name whose labels agree; 0 when there is none.</summary>
    public decimal Sum(string name, params (string Label, string Value)[] labels) =>
        All.Where(series => series.Name == name && labels.All(wanted => series[wanted.Label] == wanted.Value)).Sum(series => series.Value);

    private string FamilyOf(string name) =>
        Types.ContainsKey(name) ? name
        : Suffixes.Where(name.EndsWith).Select(suffix => name[..^suffix.Length]).FirstOrDefault(Types.ContainsKey) ?? name;

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$""")]
    private static partial Regex Line();

    [GeneratedRegex("""(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"(?:,|$)""")]
    private static partial Regex Label();
}
