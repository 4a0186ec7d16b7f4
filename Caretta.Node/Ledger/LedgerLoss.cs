namespace Caretta.Node.Ledger;

/// <summary>Counts that were taken over without being attributed to a link.</summary>
/// <param name="Bytes">Sent and received; an upper bound, because part of them may have been reported before.</param>
public sealed record LedgerLoss(LossReason Reason, ulong Bytes);
