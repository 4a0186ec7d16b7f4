namespace Caretta.Messages;

/// <summary>
/// From when a process takes a ledger up until another does. Two that go on from the same state of one, a backup or a copy, are of different
/// epochs, and so what they count under the same sequence numbers is never taken for the same.
/// </summary>
/// <param name="Id">Random, and never 0.</param>
/// <param name="Sequence">What was committed when it began: earlier epochs of this ledger end there.</param>
public readonly record struct LedgerEpoch(ulong Id, ulong Sequence);
