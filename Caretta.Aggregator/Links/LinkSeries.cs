using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The exported series of one link.</summary>
internal sealed class LinkSeries(NetworkLink link)
{
    private LinkValues _values = LinkValues.Nothing;

    /// <summary>All labels as they appear on the page, without the closing brace, since one family adds a label.</summary>
    public byte[] Labels { get; } = LinkLabels.Encode(link);

    public NetworkLink Link => link;

    public LinkValues Values => Volatile.Read(ref _values);

    public void Show(in LinkTotals totals, in LinkLevels levels, LinkSeen seen = default) =>
        Volatile.Write(ref _values, new LinkValues(totals, levels, seen));
}
