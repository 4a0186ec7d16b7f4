namespace Caretta.Messages;

/// <summary>Who had an address, or what a pod belonged to, over time.</summary>
/// <param name="Entries">At least one, in the order of time; the last one holds until something else is said.</param>
public sealed record Timeline(IReadOnlyList<TimelineEntry> Entries)
{
    /// <summary>What holds now.</summary>
    public TimelineEntry Last => Entries[^1];

    /// <summary>Before the first entry nothing is known: <see cref="Knowledge.NotInHistory"/>.</summary>
    public TimelineEntry At(TimeSpan time)
    {
        for (var i = Entries.Count - 1; i >= 0; i--)
        {
            if (Entries[i].From <= time)
            {
                return Entries[i];
            }
        }

        return new TimelineEntry(TimeSpan.MinValue, Knowledge.NotInHistory);
    }

    public bool Equals(Timeline? other) => other is not null && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode() => Entries.Count == 0 ? 0 : HashCode.Combine(Entries.Count, Entries[^1]);
}
