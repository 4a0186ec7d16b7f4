using Caretta.Messages;

namespace Caretta.Aggregator.Ingress;

/// <summary>Who reports, as the stream's Hello said and the rules allow.</summary>
/// <param name="MayReopen">The agent knows that a shard may be opened again within a stream; older ones do not.</param>
/// <param name="TakesMany">It takes many shards' answers in one message.</param>
internal sealed record AgentHello(Source Source, TimeSpan PollInterval, bool MayReopen, bool TakesMany = false)
{
    /// <inheritdoc cref="LedgerEpoch"/>
    public ulong Epoch { get; init; }
}
