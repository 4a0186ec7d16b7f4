using System.Collections.Immutable;
using Caretta.Messages;

namespace Caretta.Tests.Protocol;

/// <summary>What an agent's ledger has committed.</summary>
internal sealed record LedgerModel(Source Source, ulong Sequence, ImmutableDictionary<NetworkLink, Report> Links)
{
    public LedgerModel Count(NetworkLink link, ulong bytes)
    {
        var sent = (Links.TryGetValue(link, out var before) ? before.Totals.SentBytes : 0) + bytes;
        var report = new Report(link, Sequence + 1, new LinkTotals { SentBytes = sent }, default);
        return this with { Sequence = Sequence + 1, Links = Links.SetItem(link, report) };
    }
}
