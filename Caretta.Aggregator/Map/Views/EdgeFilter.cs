using System.IO.Enumeration;
using Caretta.Aggregator.Map.Model;
using Caretta.Messages;

namespace Caretta.Aggregator.Map.Views;

/// <summary>
/// Which edges to look at: those with an end that has all of namespace, kind, name and text asked for, and that meet the rest. Empty lists ask
/// for nothing.
/// </summary>
internal sealed record EdgeFilter
{
    public static readonly EdgeFilter All = new();

    public IReadOnlyList<string> Namespaces { get; init; } = [];

    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>A part of the name, or with <c>*</c> for any characters the whole.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Words that are all found in namespace/kind/name.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<PortRange> Ports { get; init; } = [];

    public ExternalEnds External { get; init; }

    /// <summary>Bytes a second, both ways.</summary>
    public double MinRate { get; init; }

    /// <summary>Ids of workloads and namespaces that are not to be seen.</summary>
    public IReadOnlyCollection<string> Hidden { get; init; } = [];

    /// <summary>Ids of workloads and namespaces to be seen alone, with those they talk to.</summary>
    public IReadOnlyCollection<string> Isolated { get; init; } = [];

    public IReadOnlyList<MapEdge> Of(MapModel model) => Of(model, model.Edges);

    public IReadOnlyList<MapEdge> Of(MapModel model, IReadOnlyList<MapEdge> edges)
    {
        var ends = Named(model);
        var hidden = Hidden.Count == 0 ? null : Mark(model, workload => IsAmong(workload, Hidden));
        var isolated = Isolated.Count == 0 ? null : Mark(model, workload => IsAmong(workload, Isolated));
        return [.. edges.Where(edge => Takes(edge)
            && (ends[edge.From.Index] || ends[edge.To.Index])
            && hidden?[edge.From.Index] != true && hidden?[edge.To.Index] != true
            && (isolated is null || isolated[edge.From.Index] || isolated[edge.To.Index]))];
    }

    /// <returns>Of each workload whether it has all of namespace, kind, name and text asked for itself.</returns>
    public bool[] Named(MapModel model)
    {
        var words = Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return Mark(model, workload => HasNames(workload.Workload, words));
    }

    /// <summary>Each workload is judged once, not once an edge.</summary>
    private static bool[] Mark(MapModel model, Func<MapWorkload, bool> judge) => [.. model.Workloads.Select(judge)];

    private static bool IsAmong(MapWorkload workload, IReadOnlyCollection<string> ids) =>
        ids.Contains(workload.Id) || ids.Contains(MapIds.OfNamespace(workload.Workload.Namespace));

    private static bool HasName(string pattern, string name) => pattern.Contains('*', StringComparison.Ordinal)
        ? FileSystemName.MatchesSimpleExpression(Escaped(pattern), name)
        : name.Contains(pattern, StringComparison.OrdinalIgnoreCase);

    /// <summary>Only <c>*</c> is special; file names would have <c>?</c> and <c>\</c> as well.</summary>
    private static string Escaped(string pattern) =>
        pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);

    private bool Takes(MapEdge edge) =>
        (Ports.Count == 0 || Ports.Any(range => range.Contains(edge.Port)))
        && (External == ExternalEnds.Any || (External == ExternalEnds.Only) == (edge.From.IsExternal || edge.To.IsExternal))
        && edge.Sums.Rate >= MinRate;

    private bool HasNames(Workload workload, string[] words) =>
        (Namespaces.Count == 0 || Namespaces.Contains(workload.Namespace, StringComparer.Ordinal))
        && (Kinds.Count == 0 || Kinds.Contains(workload.Kind, StringComparer.OrdinalIgnoreCase))
        && (Names.Count == 0 || Names.Any(pattern => HasName(pattern, workload.Name)))
        && (words.Length == 0 || HasWords(workload, words));

    private static bool HasWords(Workload workload, string[] words)
    {
        var whole = $"{workload.Namespace}/{workload.Kind}/{workload.Name}";
        return words.All(word => whole.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
