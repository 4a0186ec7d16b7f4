namespace Caretta.Aggregator.Security;

/// <summary>Without TLS, which is on loopback alone: agents are believed.</summary>
internal sealed class NoProofs : INodeProofs
{
    public ValueTask<NodeProof> OfAsync(HttpContext call, CancellationToken cancellation) => ValueTask.FromResult(NodeProof.NotAsked);
}
