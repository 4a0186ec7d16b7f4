using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>
/// Names from DNS: those known, at once, and those asked for, later. A name holds until its time to live has ended and an answer that
/// differs has come; it is asked for again when somebody wants it after that time. A lookup that failed changes no name.
/// </summary>
internal sealed class ReverseNames : IAsyncDisposable
{
    public const int MaxCached = 50_000;
    public static readonly TimeSpan ShortestTtl = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestTtl = TimeSpan.FromHours(24);
    public static readonly TimeSpan NamelessTtl = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly NameCache _cache;
    private readonly HashSet<Address> _asked = [];
    private readonly ReverseLookups _lookups;
    private readonly Func<string, bool> _isTaken;
    private readonly Action<Address> _changed;
    private readonly ExternalMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _started;

    /// <param name="isTaken">Names that mean something else here, and that DNS must not give.</param>
    /// <param name="changed">Called from any thread when the first answer for an address has come, or another one; it must not throw.</param>
    public ReverseNames(
        ReverseDns dns,
        Func<string, bool> isTaken,
        Action<Address> changed,
        ExternalMetrics metrics,
        TimeProvider time,
        int maxCached = MaxCached,
        int atOnce = ReverseLookups.AtOnce,
        int maxQueued = ReverseLookups.MaxQueued)
    {
        (_isTaken, _changed, _metrics, _time, _started) = (isTaken, changed, metrics, time, time.GetTimestamp());
        _cache = new NameCache(maxCached);
        _lookups = new ReverseLookups(dns, Answered, time, atOnce, maxQueued);
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <returns>The name, null for none; and whether the first answer is still to come.</returns>
    public (string? Name, bool IsPending) Find(Address address)
    {
        lock (_gate)
        {
            var known = _cache.Find(address);
            var mustAsk = !(known?.Until > Now) && !_asked.Contains(address);
            var isComing = !mustAsk || Ask(address, known?.Name);
            return (known?.Name, known is null && isComing);
        }
    }

    public ValueTask DisposeAsync() => _lookups.DisposeAsync();

    /// <returns>False: it cannot be asked now, and what was known holds on.</returns>
    private bool Ask(Address address, string? known)
    {
        if (_lookups.TryAsk(address))
        {
            return _asked.Add(address);
        }

        _metrics.DnsQueueFull.Inc();
        Keep(address, known, NamelessTtl);
        return false;
    }

    private void Answered(Address address, ReverseAnswer answer)
    {
        answer = answer.Name is { } given && _isTaken(given) ? new ReverseAnswer(LookupOutcome.Unusable) : answer;
        _metrics.DnsLookups(answer.Outcome).Inc();
        bool changed;
        lock (_gate)
        {
            _asked.Remove(address);
            var known = _cache.Find(address);
            var name = answer.IsFailure ? known?.Name : answer.Name;
            Keep(address, name, name is null || answer.IsFailure ? NamelessTtl : Clamp(answer.TimeToLive));
            changed = known is null || known.Value.Name != name;
        }

        if (changed)
        {
            _changed(address);
        }
    }

    private void Keep(Address address, string? name, TimeSpan timeToLive)
    {
        if (_cache.Put(address, new CachedName(name, Now + timeToLive)))
        {
            _metrics.DnsNamesEvicted.Inc();
        }

        _metrics.DnsNames.Set(_cache.Count);
    }

    private static TimeSpan Clamp(TimeSpan timeToLive) =>
        timeToLive < ShortestTtl ? ShortestTtl : timeToLive > LongestTtl ? LongestTtl : timeToLive;
}
