namespace Caretta.Aggregator.Map.Views;

internal enum ExternalEnds
{
    Any,

    /// <summary>Edges with an external end.</summary>
    Only,

    /// <summary>Edges without one.</summary>
    No,
}
