namespace Caretta.Messages.Tls;

/// <summary>Every ten seconds: have files changed?</summary>
public sealed class ReloadClock : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly IReadOnlyList<IReloaded> _watched;
    private readonly IReloadLog _log;
    private readonly ITimer _timer;

    public ReloadClock(IReadOnlyList<IReloaded> watched, IReloadLog log, TimeProvider time)
    {
        (_watched, _log) = (watched, log);
        _timer = time.CreateTimer(_ => Tick(), null, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>One at a time, should a disk be so slow that the next one comes meanwhile.</summary>
    private void Tick()
    {
        lock (_lock)
        {
            foreach (var one in _watched)
            {
                one.Reload(_log);
            }
        }
    }
}
