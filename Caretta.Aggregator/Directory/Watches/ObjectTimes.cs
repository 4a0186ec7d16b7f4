namespace Caretta.Aggregator.Directory.Watches;

/// <summary>One moment by two clocks: the directory's and the API server's.</summary>
internal readonly record struct ObjectTimes(TimeSpan Now, DateTimeOffset ServerNow)
{
    /// <summary>
    /// A time of the server's by the directory's clock. Never later than now: the server tells its time in seconds, and what we have been told
    /// of has happened.
    /// </summary>
    public TimeSpan Of(DateTimeOffset serverTime)
    {
        var ago = ServerNow - serverTime;
        return ago > TimeSpan.Zero ? Now - ago : Now;
    }
}
