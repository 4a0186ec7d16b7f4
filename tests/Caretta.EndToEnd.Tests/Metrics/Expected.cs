using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>What a query must answer.</summary>
/// <param name="Labels">By which its series are told apart.</param>
/// <param name="Values">By these labels' values, joined by a slash. What is 0 may be left out of the answer.</param>
internal sealed record Expected(string[] Labels, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>One series of whatever labels.</summary>
    public static Expected Only(double value) => new([], new Dictionary<string, double> { [""] = value });

    /// <summary>What is wrong with an answer; several series of one name are wrong too.</summary>
    public IEnumerable<string> Unlike(IReadOnlyList<QueriedSeries> answer)
    {
        var found = answer.ToLookup(series => string.Join('/', Labels.Select(label => series[label])), series => series.Value);
        foreach (var name in Values.Keys.Union(found.Select(series => series.Key)))
        {
            var (values, truth) = (found[name].ToList(), Values.GetValueOrDefault(name));
            if (values.Count > 1 || !Near.Is(values.FirstOrDefault(), truth))
            {
                yield return $"{(name.Length > 0 ? name : "the value")}: found {(values.Count > 0 ? string.Join(" and ", values) : "nothing")}, truth {truth}";
            }
        }
    }
}
