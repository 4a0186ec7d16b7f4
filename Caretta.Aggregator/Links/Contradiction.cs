using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>
/// A report that no ledger makes: totals only grow from sequence to sequence, and one sequence has one set of totals. It does no harm, as the
/// maximum counts, but it says that an agent is broken or lies.
/// </summary>
internal static class Contradiction
{
    /// <param name="latest">The sequence of the source's latest report of this link.</param>
    /// <param name="held">What the journal holds of it: that report's totals, or, while they are on their way there, less.</param>
    public static bool Is(Report report, ulong latest, in LinkTotals held)
    {
        var least = LinkTotals.Max(held, report.Totals);
        return report.Sequence > latest ? least != report.Totals : report.Sequence == latest && report.Totals != held && least != report.Totals;
    }
}
