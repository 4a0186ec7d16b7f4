using System.Globalization;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Views;
using Caretta.Messages;

namespace Caretta.Aggregator.Map.Http;

/// <summary>Reads a question from a query string. What it does not understand it refuses: a misspelt filter would show too much.</summary>
internal sealed class QuestionReader
{
    /// <summary>The longest name, and a word for each of its parts.</summary>
    private const int LongestText = 3 * NameRules.MaxLength;

    private readonly IQueryCollection _query;

    /// <exception cref="BadParameterException">It holds something else than those parameters.</exception>
    public QuestionReader(IQueryCollection query, IReadOnlyList<Parameter> known)
    {
        _query = query;
        if (query.Keys.FirstOrDefault(key => known.All(parameter => parameter.Name != key)) is { } unknown)
        {
            throw new BadParameterException(
                $"There is no parameter '{Shortened(unknown)}' here. {(known.Count == 0 ? "There are none." : $"There are {string.Join(", ", known.Select(parameter => parameter.Name))}.")}");
        }
    }

    public MapQuery Map()
    {
        var expanded = List(Parameters.Expand);
        return new MapQuery
        {
            Filter = Filter(),
            Expanded = expanded.Count == 0 ? null : expanded,
            Focus = Id(Parameters.Focus, Text(Parameters.Focus)),
            Hops = Whole(Parameters.Hops),
            MaxNodes = Whole(Parameters.MaxNodes),
            MaxEdges = Whole(Parameters.MaxEdges),
        };
    }

    public PageQuery Page()
    {
        var after = Text(Parameters.After);
        PageCursor? cursor = after.Length == 0 ? null
            : PageCursor.TryParse(after) ?? throw new BadParameterException($"'{Parameters.After.Name}' is no page's 'next'. Begin without it.");
        var sort = Choice(Parameters.Sort) is { Length: > 0 } by ? Enum.Parse<SortBy>(by, ignoreCase: true) : SortBy.Rate;
        return new PageQuery(Filter(), sort, Whole(Parameters.Limit), cursor);
    }

    public EdgeFilter Filter() => new()
    {
        Namespaces = List(Parameters.Namespace),
        Kinds = List(Parameters.Kind),
        Names = List(Parameters.Name),
        Text = Text(Parameters.Search),
        Ports = [.. List(Parameters.Port).Select(Port)],
        External = Choice(Parameters.External) switch { "only" => ExternalEnds.Only, "no" => ExternalEnds.No, _ => ExternalEnds.Any },
        MinRate = Number(Parameters.MinRate),
        Hidden = Ids(Parameters.Hide),
        Isolated = Ids(Parameters.Isolate),
    };

    public int Whole(Parameter parameter)
    {
        var text = Text(parameter);
        return text.Length == 0 ? (int)parameter.Default!
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= parameter.Least && number <= parameter.Most ? number
            : throw new BadParameterException($"'{parameter.Name}' is a whole number from {parameter.Least} to {parameter.Most}, not '{Shortened(text)}'.");
    }

    public string Choice(Parameter parameter)
    {
        var text = Text(parameter);
        return text.Length == 0 || parameter.Choices.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new BadParameterException($"'{parameter.Name}' is one of {string.Join(", ", parameter.Choices)}, not '{Shortened(text)}'.");
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private static PortRange Port(string text) => PortRange.TryParse(text)
        ?? throw new BadParameterException($"'{Parameters.Port.Name}' holds ports from 0 to 65535 and ranges like 8000-8100, not '{Shortened(text)}'.");

    private static string? Id(Parameter parameter, string text) =>
        text.Length == 0 ? null
        : MapIds.Workload(text) is not null || MapIds.Namespace(text) is { Length: > 0 } ? text
        : throw new BadParameterException($"'{parameter.Name}' is the id of a workload (w123) or of a namespace (n:shop) as /api/v1/map tells them, not '{Shortened(text)}'.");

    private HashSet<string> Ids(Parameter parameter) => [.. List(parameter).Select(text => Id(parameter, text)!)];

    private double Number(Parameter parameter)
    {
        var text = Text(parameter);
        return text.Length == 0 ? 0
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= parameter.Least && number <= parameter.Most ? number
            : throw new BadParameterException($"'{parameter.Name}' is a number from {parameter.Least} to {parameter.Most}, not '{Shortened(text)}'.");
    }

    private string Text(Parameter parameter) => _query[parameter.Name] switch
    {
        { Count: > 1 } => throw new BadParameterException($"'{parameter.Name}' is given once."),
        { } given when given.ToString().Length > LongestText => throw new BadParameterException($"'{parameter.Name}' has {LongestText} characters at most."),
        { } given => given.ToString(),
    };

    private List<string> List(Parameter parameter)
    {
        var items = _query[parameter.Name].SelectMany(given => (given ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return items.Count > parameter.MostItems ? throw new BadParameterException($"'{parameter.Name}' has {parameter.MostItems} items at most.")
            : items.Any(item => item.Length > LongestText) ? throw new BadParameterException($"Items of '{parameter.Name}' have {LongestText} characters at most.")
            : items;
    }
}
