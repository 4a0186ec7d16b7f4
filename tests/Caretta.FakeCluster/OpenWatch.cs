namespace Caretta.FakeCluster;

/// <summary>A watch that is being served, and what the test wants of it.</summary>
/// <param name="Bookmarks">The client asked for them.</param>
internal sealed record OpenWatch(ApiKind Kind, WatchFeed Feed, bool Bookmarks)
{
    // Not disposed of: a test may be about to cut a stream that is just ending. They hold no timer.

    /// <summary>Cancelled when the stream is to break off.</summary>
    public CancellationTokenSource Cut { get; } = new();

    /// <summary>Cancelled when the stream is to end as at its time-out.</summary>
    public CancellationTokenSource Ended { get; } = new();
}
