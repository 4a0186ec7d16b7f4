namespace Caretta.Aggregator.Directory.Watches;

/// <param name="message">For the log; with what the server said.</param>
internal sealed class WatchFailedException(WatchFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    public WatchFailure Failure => failure;

    /// <summary>The server asked not to be asked before.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
