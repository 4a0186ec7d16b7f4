namespace Caretta.EndToEnd.Tests.Network;

/// <summary>What the switch did to frames so far: whether a fault took effect.</summary>
internal sealed class PathCounts
{
    private long _cut;
    private long _lost;
    private long _doubled;
    private long _delayed;

    public long Cut => Interlocked.Read(ref _cut);

    public long Lost => Interlocked.Read(ref _lost);

    public long Doubled => Interlocked.Read(ref _doubled);

    public long Delayed => Interlocked.Read(ref _delayed);

    /// <summary>How often a frame arrives, decided and counted.</summary>
    public int Copies(Path path, Random random)
    {
        if (path.Cut)
        {
            Interlocked.Increment(ref _cut);
            return 0;
        }

        if (path.LostPercent > 0 && random.Next(100) < path.LostPercent)
        {
            Interlocked.Increment(ref _lost);
            return 0;
        }

        if (path.Delay > TimeSpan.Zero)
        {
            Interlocked.Increment(ref _delayed);
        }

        if (path.DoubledPercent > 0 && random.Next(100) < path.DoubledPercent)
        {
            Interlocked.Increment(ref _doubled);
            return 2;
        }

        return 1;
    }
}
