namespace Caretta.Aggregator.Ingress;

/// <summary>What can be wrong with one report so that it alone is left out: the label <c>reason</c>.</summary>
internal static class ReportFault
{
    public const string Name = "name";
    public const string Link = "link";
    public const string Totals = "totals";
    public const string Levels = "levels";

    public static IReadOnlyList<string> All { get; } = [Name, Link, Totals, Levels];
}
