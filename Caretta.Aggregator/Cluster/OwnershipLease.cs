namespace Caretta.Aggregator.Cluster;

/// <summary>
/// Whether the links that live here are still this member's to export. It counts from when the members were asked, not from when they
/// answered, and on the monotonic clock: a process that was stopped, or cut off, finds it run out when it goes on.
/// See docs/decisions/0009. That clock stands still while the machine is suspended.
/// </summary>
internal sealed class OwnershipLease(TimeSpan bound, TimeProvider time)
{
    private const long Never = long.MinValue;
    private const long Lost = long.MaxValue;

    private long _since = Never;

    public bool Held => Volatile.Read(ref _since) is not (Never or Lost) and var since && IsFresh(since);

    /// <summary>It is about to be held, again or still.</summary>
    public event Action? Renewing;

    /// <param name="askedAt">When the question was sent that a majority has affirmed.</param>
    public void Renew(long askedAt)
    {
        if (Volatile.Read(ref _since) != Lost && IsFresh(askedAt))
        {
            Renewing?.Invoke();
        }

        for (var since = Volatile.Read(ref _since); since < askedAt;)
        {
            var before = Interlocked.CompareExchange(ref _since, askedAt, since);
            if (before == since)
            {
                return;
            }

            since = before;
        }
    }

    /// <summary>For good: the cluster has gone on without this member.</summary>
    public void Lose() => Interlocked.Exchange(ref _since, Lost);

    private bool IsFresh(long since) => time.GetElapsedTime(since) < bound;
}
