namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>
/// Whose the Lease is, by the rules of client-go: nobody's clock is compared with another's. A record that does not change for the Lease's
/// whole duration, as seen from here on the monotonic clock, has no holder any more. What was seen before the API server was away does not
/// count: its holder could not write either. Pure.
/// </summary>
internal sealed class LeaseWatch(string self, TimeSpan duration)
{
    private LeaseRecord? _record;
    private TimeSpan _seenAt;
    private TimeSpan? _wroteAt;

    /// <summary>Held, with time enough to act on it before anybody else may think otherwise.</summary>
    public bool IsHeld(TimeSpan now) => _wroteAt is { } at && now - at < duration * 2 / 3;

    public string Holder => _record?.Holder ?? "";

    /// <param name="record">Null: there is none.</param>
    public LeaseStep Read(LeaseRecord? record, TimeSpan now)
    {
        if (record != _record || record is null)
        {
            (_record, _seenAt) = (record, now);
        }

        if (record?.Holder != self)
        {
            _wroteAt = null;
        }

        return record switch
        {
            null => LeaseStep.Create,
            _ when record.Holder == self => LeaseStep.Renew,
            { Holder: "" } => LeaseStep.Take,
            _ => now - _seenAt >= duration ? LeaseStep.Take : LeaseStep.Leave,
        };
    }

    /// <param name="sentAt">When the write was sent, not when it was answered.</param>
    public void Wrote(LeaseRecord record, TimeSpan sentAt) => (_record, _seenAt, _wroteAt) = (record, sentAt, sentAt);

    /// <summary>Somebody else wrote first.</summary>
    public void Conflicted() => _wroteAt = null;

    /// <summary>The API server is away: what was seen of others is of before.</summary>
    public void Blind() => _record = null;
}
