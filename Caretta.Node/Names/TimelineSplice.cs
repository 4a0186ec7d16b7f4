using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>
/// Joins what one directory told until its stream ended with what the next one tells. The next one may have been started meanwhile and
/// know nothing of the time before: whoever held an address at the end of the first is then taken to have kept it, until somebody else
/// is known to have it, and for a while when nobody is.
/// </summary>
internal static class TimelineSplice
{
    private const int MaxEntries = 16;

    /// <param name="until">What <paramref name="before"/> says holds up to here.</param>
    public static Timeline Join(Timeline before, TimeSpan until, Timeline after, TimeSpan linger)
    {
        var last = before.At(until);
        var remembers = after.At(until).Knowledge != Knowledge.NotInHistory;
        if (remembers || last.Knowledge != Knowledge.Held)
        {
            last = default;
        }

        List<TimelineEntry> joined = [.. before.Entries.Where(entry => entry.From <= until)];
        Add(joined, until, after.At(until), last, until + linger);
        foreach (var entry in after.Entries.Where(entry => entry.From > until))
        {
            Add(joined, entry.From, entry, last, until + linger);
        }

        return new Timeline(joined.Count <= MaxEntries ? joined : joined[^MaxEntries..]);
    }

    private static void Add(List<TimelineEntry> joined, TimeSpan from, TimelineEntry told, TimelineEntry last, TimeSpan lingers)
    {
        var inDoubt = told.Knowledge is Knowledge.NotInHistory or Knowledge.Nobody && last.Knowledge == Knowledge.Held;
        if (inDoubt && from < lingers)
        {
            Append(joined, last with { From = from });
            Append(joined, told with { From = lingers });
            return;
        }

        // What lingered to beyond this is over now.
        joined.RemoveAll(entry => entry.From > from);
        Append(joined, told with { From = from });
    }

    private static void Append(List<TimelineEntry> joined, TimelineEntry entry)
    {
        joined.RemoveAll(later => later.From > entry.From);
        if (joined.Count == 0 || (joined[^1].Knowledge, joined[^1].Workload) != (entry.Knowledge, entry.Workload))
        {
            joined.Add(entry);
        }
    }
}
