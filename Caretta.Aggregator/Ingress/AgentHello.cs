using Caretta.Messages;

namespace Caretta.Aggregator.Ingress;

/// <summary>Who reports, as the stream's Hello said and the rules allow.</summary>
/// <param name="MayReopen">The agent knows that a shard may be opened again within a stream; older ones do not.</param>
/// <param name="TakesMany">It takes many shards' answers in one message.</param>
internal sealed record AgentHello(Source Source, TimeSpan PollInterval, bool MayReopen, bool TakesMany = false)
{
    /// <summary>It can be asked to take its programs off its host.</summary>
    public bool MayUnload { get; init; }

    /// <inheritdoc cref="LedgerEpoch"/>
    public ulong Epoch { get; init; }
}
