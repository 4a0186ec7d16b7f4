namespace Caretta.Aggregator.Security;

/// <summary>Finds out which node an agent's call comes from.</summary>
internal interface INodeProofs
{
    /// <exception cref="UnprovenException">It cannot be told, or not believed.</exception>
    ValueTask<NodeProof> OfAsync(HttpContext call, CancellationToken cancellation);
}
