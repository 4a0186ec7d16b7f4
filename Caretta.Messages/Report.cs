namespace Caretta.Messages;

/// <summary>One source's word on one link: its totals so far and its levels now.</summary>
/// <param name="Sequence">The source's poll in which totals or levels last changed.</param>
public sealed record Report(NetworkLink Link, ulong Sequence, LinkTotals Totals, LinkLevels Levels);
