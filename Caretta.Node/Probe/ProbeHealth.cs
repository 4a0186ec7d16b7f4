namespace Caretta.Node.Probe;

/// <summary>What the health checks answer from; written by the probe, read by any thread.</summary>
public sealed class ProbeHealth(TimeProvider time, TimeSpan pollInterval)
{
    /// <summary>A poll that takes this many intervals, and half a minute on top, will not come back.</summary>
    private const int PatienceInIntervals = 10;

    private readonly TimeSpan _patience = (PatienceInIntervals * pollInterval) + TimeSpan.FromSeconds(30);
    private long _lastEnd = time.GetTimestamp();
    private volatile bool _succeeded;
    private volatile bool _unloaded;

    /// <summary>The host was unloaded: nothing polls any more, and that is as it should be until the next start.</summary>
    public bool IsUnloaded => _unloaded;

    /// <summary>Polls end, well or badly: no need to restart the process.</summary>
    public bool IsLive => _unloaded || time.GetElapsedTime(Interlocked.Read(ref _lastEnd)) < _patience;

    /// <summary>The latest poll succeeded: programs attached, table read, ledger written.</summary>
    public bool IsReady => _succeeded && !_unloaded && IsLive;

    public void Unloaded() => _unloaded = true;

    public void PollEnded(bool succeeded)
    {
        _succeeded = succeeded;
        Interlocked.Exchange(ref _lastEnd, time.GetTimestamp());
    }
}
