namespace Caretta.Aggregator.Links;

/// <summary>
/// When the journal first and last took totals of a link, in Unix milliseconds of whichever member wrote. For people: nothing is decided by it.
/// </summary>
/// <param name="FirstMs">0: not known, since a version wrote it that did not say.</param>
internal readonly record struct LinkSeen(long FirstMs, long LastMs)
{
    /// <param name="isNew">Nothing was held of the link before.</param>
    public LinkSeen Again(long atMs, bool isNew) => new(isNew ? atMs : FirstMs, Math.Max(LastMs, atMs));

    /// <summary>What two journals say of one link.</summary>
    public static LinkSeen Merge(LinkSeen a, LinkSeen b)
    {
        var first = a.FirstMs == 0 || (b.FirstMs != 0 && b.FirstMs < a.FirstMs) ? b.FirstMs : a.FirstMs;
        return new LinkSeen(first, Math.Max(a.LastMs, b.LastMs));
    }
}
