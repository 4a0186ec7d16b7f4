namespace Caretta.Aggregator.Directory.Watches;

/// <summary>The API server's time, from the dates of its responses: its clock and ours may differ, and ours may be set while we run.</summary>
internal sealed class ServerClock(TimeProvider time)
{
    private volatile Reading _last = new(time.GetUtcNow(), time.GetTimestamp());

    public DateTimeOffset Now
    {
        get
        {
            var last = _last;
            return last.Date + time.GetElapsedTime(last.Timestamp);
        }
    }

    public void Observe(DateTimeOffset date) => _last = new Reading(date, time.GetTimestamp());

    private sealed record Reading(DateTimeOffset Date, long Timestamp);
}
