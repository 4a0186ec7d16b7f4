using Akka.Actor;
using Caretta.Messages;

namespace Caretta.Aggregator.Shards;

/// <summary>May cross from one member to another: <see cref="MemberSerializer"/> knows it.</summary>
internal interface IMemberMessage;

internal interface ILedgerMessage;

/// <summary>A stream begins: what does the shard hold of this source? The sender is watched, its end is the source's silence.</summary>
internal sealed record OpenSource(Source Source, TimeSpan PollInterval) : ILedgerMessage, IMemberMessage;

/// <param name="Id">The agent's number of the batch, for the answer.</param>
/// <param name="Watermark">With this batch in the journal, the shard holds every report of the source up to it.</param>
internal sealed record TakeBatch(
    Source Source, TimeSpan PollInterval, ulong Id, ulong Watermark, IReadOnlyList<Report> Reports)
    : ILedgerMessage, IMemberMessage
{
    /// <summary>
    /// As the shard last told the agent, whose watermark builds on that word. A ledger that has another history takes the reports, not the
    /// watermark. 0: it builds on nothing, or an older member has not said.
    /// </summary>
    public ulong History { get; init; }

    /// <inheritdoc cref="LedgerEpoch"/>
    public ulong Epoch { get; init; }
}

/// <summary>Be there: recover and start your links.</summary>
internal sealed record WakeLedger : ILedgerMessage, IMemberMessage;

/// <summary>To whoever woke it: the ledger has recovered.</summary>
internal sealed record LedgerAwake(int Shard) : IMemberMessage;

/// <summary>
/// The shard moves to another member, or this member leaves: what is in the journal is there, the rest comes again. The ledger lets the commit
/// in flight end; links just stop.
/// </summary>
internal sealed record LeaveShard : INoSerializationVerificationNeeded;

/// <summary>A link failed and started anew without its state.</summary>
internal sealed record LinkLost(ulong LinkId) : ILedgerMessage, INoSerializationVerificationNeeded;

/// <summary>The shard's answer to <see cref="OpenSource"/> and <see cref="TakeBatch"/>.</summary>
/// <param name="BatchId">0: no batch is acknowledged by it.</param>
/// <param name="Retired">The source's totals were folded into their links; nothing of it counts any more.</param>
internal sealed record ShardHeld(int Shard, Source Source, ulong Sequence, ulong BatchId, bool Retired = false) : IMemberMessage
{
    /// <summary>What the word is true of; see <see cref="Journal.History"/>.</summary>
    public ulong History { get; init; }

    /// <summary>Of the batch that brought the shard to <see cref="Sequence"/>; 0 if it is not known.</summary>
    public ulong Epoch { get; init; }
}
