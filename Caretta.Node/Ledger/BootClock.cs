namespace Caretta.Node.Ledger;

/// <summary>
/// Between the monotonic clock, which ends with the boot, and the wall clock, which a ledger's rows need. A step of the wall clock between
/// writing and reading moves a row's time by as much.
/// </summary>
internal sealed class BootClock(TimeProvider time)
{
    private const long NsPerMs = 1_000_000;

    private readonly long _wallMsAtZero = time.GetUtcNow().ToUnixTimeMilliseconds() - NowMs(time);

    public long ToWallMs(long monotonicNs) => _wallMsAtZero + (monotonicNs / NsPerMs);

    public long ToMonotonicNs(long wallMs) => (wallMs - _wallMsAtZero) * NsPerMs;

    private static long NowMs(TimeProvider time) => (long)(time.GetTimestamp() / (time.TimestampFrequency / 1000.0));
}
