namespace Caretta.Aggregator;

/// <summary>Which series of a link are exported.</summary>
public enum ExportedSeries
{
    /// <summary><c>caretta_links_observed</c> alone.</summary>
    Links,
    Full,
}
