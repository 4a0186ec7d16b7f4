using System.Text.Json;
using System.Text.RegularExpressions;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>One query of one panel of a dashboard that is shipped.</summary>
internal sealed partial record Panel(string Dashboard, string Title, string RefId, string Expression)
{
    public static IReadOnlyList<Panel> All { get; } =
    [
        .. from file in Directory.GetFiles(Shipped.Dashboards, "*.json").Order(StringComparer.Ordinal)
           from panel in Read(file)
           select panel,
    ];

    public string Key => $"{Dashboard}/{Title}/{RefId}";

    /// <summary>As Grafana would send it; a variable nobody chose stands for everything.</summary>
    public string With(IReadOnlyDictionary<string, string> variables) => Variable().Replace(
        Expression, match => match.Groups["name"].Value is "__range" ? Range : variables.GetValueOrDefault(match.Groups["name"].Value, ".*"));

    public const string Range = "15m";

    private static List<Panel> Read(string file)
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               from target in panel.GetProperty("targets").EnumerateArray()
               select new Panel(
                   dashboard.RootElement.GetProperty("uid").GetString()!,
                   panel.GetProperty("title").GetString()!,
                   target.GetProperty("refId").GetString()!,
                   target.GetProperty("expr").GetString()!),
        ];
    }

    [GeneratedRegex("""\$(?<name>[A-Za-z_]\w*)""")]
    private static partial Regex Variable();
}
