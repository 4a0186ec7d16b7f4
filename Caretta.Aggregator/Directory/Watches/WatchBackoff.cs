namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Doubling pauses with full jitter: ten watches that broke at once do not come back at once.</summary>
internal sealed class WatchBackoff(Random random)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private int _failures;

    public void Succeeded() => _failures = 0;

    /// <summary>Between nothing and all of the doubled pause, and at least what the server asked for.</summary>
    public TimeSpan Next(TimeSpan? retryAfter)
    {
        var longest = Math.Min(First.TotalMilliseconds * Math.Pow(2, _failures), Longest.TotalMilliseconds);
        _failures = Math.Min(_failures + 1, 10);
        return (retryAfter ?? TimeSpan.Zero) + TimeSpan.FromMilliseconds(longest * random.NextDouble());
    }
}
