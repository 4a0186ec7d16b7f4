namespace Caretta.Tests.Fakes;

/// <summary>Time that passes when told to. Timers fall due then, in order, each at its own moment.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan? After, TimeSpan Within, TaskCompletionSource Set)> _waiting = [];
    private long _ticks;

    public ManualTime()
        : this(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTime(DateTimeOffset now) => _ticks = now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Pass(TimeSpan time)
    {
        var until = GetTimestamp() + time.Ticks;
        while (NextDue(until) is { } timer)
        {
            timer.Fire();
        }

        Interlocked.Exchange(ref _ticks, until);
    }

    /// <summary>As long as it takes until the next timer is due, and no longer.</summary>
    public void PassToNextTimer() => NextDue(long.MaxValue)?.Fire();

    /// <summary>When somebody waits for no longer than so long, and for longer than that: then letting it pass wakes him.</summary>
    public Task TimerWithin(TimeSpan within, TimeSpan? after = null)
    {
        lock (_lock)
        {
            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((after, within, set));
            Notice();
            return set.Task.WaitAsync(Patience);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(long until)
    {
        lock (_lock)
        {
            var next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > until)
            {
                return null;
            }

            Interlocked.Exchange(ref _ticks, Math.Max(next.Due, GetTimestamp()));
            next.Due += next.Period;
            if (next.Period == 0)
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private void Notice()
    {
        var now = GetTimestamp();
        foreach (var (after, within, set) in _waiting)
        {
            if (_timers.Any(timer => !(timer.Due <= now + after?.Ticks) && timer.Due <= now + within.Ticks))
            {
                set.TrySetResult();
            }
        }

        _waiting.RemoveAll(one => one.Set.Task.IsCompleted);
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public long Due { get; set; }

        public long Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time.GetTimestamp() + dueTime.Ticks;
                    Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
                    time._timers.Add(this);
                    time.Notice();
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
