using System.Globalization;
using Caretta.Messages;

namespace Caretta.Aggregator.Map.Model;

/// <summary>
/// What things are called in the API. 64-bit numbers do not fit JavaScript's, so they are texts; behind the letter is the value of the label on
/// /metrics. They are the same on every member, after every restart.
/// </summary>
internal static class MapIds
{
    public const string Rest = "rest";
    private const string NamespacePrefix = "n:";

    public static string Of(Workload workload) => "w" + Number(workload.Id);

    public static string OfNamespace(string name) => NamespacePrefix + name;

    public static string OfEdge(ulong id) => "e" + Number(id);

    public static string OfLink(ulong id) => Number(id);

    /// <summary>Of what goes from one drawn node to another.</summary>
    public static string OfBundle(string from, string to) => "b" + Number(StableHash.Of("bundle", from, to));

    /// <returns>The workload's number; null: it is no workload's id.</returns>
    public static ulong? Workload(string id) => Number(id, 'w');

    public static ulong? Edge(string id) => Number(id, 'e');

    public static ulong? Link(string id) => ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string? Namespace(string id) => id.StartsWith(NamespacePrefix, StringComparison.Ordinal) ? id[NamespacePrefix.Length..] : null;

    private static ulong? Number(string id, char letter) => id.Length > 1 && id[0] == letter ? Link(id[1..]) : null;

    private static string Number(ulong id) => id.ToString(CultureInfo.InvariantCulture);
}
