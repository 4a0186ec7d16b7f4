namespace Caretta.Aggregator.Map.Trails;

/// <summary>When the latest samples were taken, the same for all links of a member.</summary>
internal sealed class SampleTimes
{
    /// <summary>
    /// Agents report once in five seconds, not in step with us: over one refresh a steady link would seem to stop and to double.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    private readonly TimeSpan[] _at = new TimeSpan[Readings.Count];

    /// <summary>Of the latest; 0 before the first.</summary>
    public long Number { get; private set; }

    public void Add(TimeSpan at) => _at[Readings.SlotOf(++Number)] = at;

    /// <summary>From which sample on to take the rates of now: the oldest within the window, else the one before.</summary>
    public long Base()
    {
        var sample = Number;
        while (sample > 1 && Number - sample + 1 < Readings.Count && (sample == Number || Between(sample - 1, Number) <= Window))
        {
            sample--;
        }

        return sample;
    }

    public TimeSpan Between(long earlier, long later) => _at[Readings.SlotOf(later)] - _at[Readings.SlotOf(earlier)];
}
