using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>Probe → forwarder, at start and after each new incarnation: forget what was before, these are all links of this source.</summary>
/// <param name="Sequence">The highest the ledger has committed.</param>
public sealed record SourceStarted(Source Source, ulong Sequence, IReadOnlyList<Report> Reports)
{
    /// <summary>Of the ledger, in their order, the present one last; committed as well.</summary>
    public IReadOnlyList<LedgerEpoch> Epochs { get; init; } = [];
}
