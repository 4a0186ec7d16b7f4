namespace Caretta.FakeCluster;

/// <summary>What an API server answers from: <see cref="SimulatedCluster"/>, or <see cref="Recording"/>.</summary>
public interface IObjectSource
{
    /// <summary>Of the server's clock.</summary>
    TimeProvider Time { get; }

    /// <param name="limit">Null: all at once.</param>
    /// <param name="continueToken">Null: from the start.</param>
    Answer List(ApiKind kind, int? limit, string? continueToken);

    /// <param name="resourceVersion">Null or empty: what there is comes first, as additions.</param>
    WatchFeed Watch(ApiKind kind, string? resourceVersion);

    /// <summary>The line that says up to which version all changes have been sent, after those.</summary>
    void SendBookmark(ApiKind kind, WatchFeed feed);
}
