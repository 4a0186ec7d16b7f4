using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The exported series of one link; owned by its actor, which removes it when it stops.</summary>
internal sealed class LinkSeries(LinkGauges owner, NetworkLink link, int shard)
{
    private LinkValues _values = new(default, default);

    /// <summary>All labels as they appear on the page, without the closing brace, since one family adds a label.</summary>
    public byte[] Labels { get; } = LinkLabels.Encode(link);

    public NetworkLink Link => link;

    public int Shard => shard;

    public LinkValues Values => Volatile.Read(ref _values);

    /// <summary>Where the owner keeps it; only the owner changes it.</summary>
    internal int Slot { get; set; }

    public void Show(in LinkTotals totals, in LinkLevels levels, LinkSeen seen = default) =>
        Volatile.Write(ref _values, new LinkValues(totals, levels, seen));

    public void Remove() => owner.Remove(this);
}
