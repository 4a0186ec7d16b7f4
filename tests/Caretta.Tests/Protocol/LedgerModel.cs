using System.Collections.Immutable;
using Caretta.Messages;

namespace Caretta.Tests.Protocol;

/// <summary>What an agent's ledger has committed.</summary>
/// <param name="Adopted">Per link, what the kernel's table showed when the incarnation began: it is not attributed to any link.</param>
internal sealed record LedgerModel(
    Source Source, ulong Sequence, ImmutableDictionary<NetworkLink, Report> Links, ImmutableDictionary<NetworkLink, ulong> Adopted)
{
    public ImmutableList<LedgerEpoch> Epochs { get; init; } = [];

    public static LedgerModel Begin(Source source, IReadOnlyDictionary<NetworkLink, ulong> table) =>
        new(source, 0, ImmutableDictionary<NetworkLink, Report>.Empty, table.ToImmutableDictionary());

    public LedgerModel TakenUp(ulong epoch) => this with { Epochs = Epochs.Add(new LedgerEpoch(epoch, Sequence)) };

    /// <summary>One poll: what the table shows is attributed, all of it under one sequence.</summary>
    public LedgerModel Poll(IReadOnlyDictionary<NetworkLink, ulong> table)
    {
        var next = this with { Sequence = Sequence + 1 };
        foreach (var (link, shown) in table)
        {
            var sent = shown - Adopted.GetValueOrDefault(link);
            if (sent > (Links.TryGetValue(link, out var before) ? before.Totals.SentBytes : 0))
            {
                var report = new Report(link, next.Sequence, new LinkTotals { SentBytes = sent }, default);
                next = next with { Links = next.Links.SetItem(link, report) };
            }
        }

        return next;
    }
}
