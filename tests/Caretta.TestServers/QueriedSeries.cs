namespace Caretta.TestServers;

/// <summary>One series of a query's answer.</summary>
public sealed record QueriedSeries(IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>Empty without it, as in PromQL.</summary>
    public string this[string label] => Labels.TryGetValue(label, out var value) ? value : "";
}
