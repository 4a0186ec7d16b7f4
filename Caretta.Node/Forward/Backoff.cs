namespace Caretta.Node.Forward;

/// <summary>Doubling pauses with jitter, so that a thousand agents do not come back at once.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    public void Succeeded() => _failures = 0;

    /// <summary>Between half and all of the doubled pause.</summary>
    public TimeSpan Next()
    {
        var pause = Math.Min(first.TotalMilliseconds * Math.Pow(2, _failures++), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(pause * (0.5 + (random.NextDouble() / 2)));
    }
}
