namespace Caretta.Node.Ledger;

/// <summary>What an earlier agent left pinned in this boot.</summary>
/// <param name="TableId">Null where nothing is pinned.</param>
/// <param name="SameLayout">The tables are as our own programs make them; otherwise their counts are carried over to new ones.</param>
public sealed record PinnedTable(Guid? TableId, bool SameLayout = true)
{
    public static readonly PinnedTable None = new(TableId: null);
}
