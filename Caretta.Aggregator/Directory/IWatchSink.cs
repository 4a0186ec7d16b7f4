using Caretta.Aggregator.Directory.Objects;

namespace Caretta.Aggregator.Directory;

/// <summary>
/// What the watches tell. Per kind: a list begins, its pages come, it ends; then changes, until a list has to begin anew. Called from any
/// thread, for one kind one call at a time; a call that returns has been taken in, so a slow sink slows the watch.
/// </summary>
internal interface IWatchSink
{
    /// <summary>By this clock all times of objects are given: it only goes forward, and is zero at about the process's start.</summary>
    TimeSpan Now { get; }

    /// <param name="mayHaveMissed">Deletions may have gone unseen since the last watch: this is not the first list.</param>
    void ListBegins(ObjectKind kind, bool mayHaveMissed);

    void Listed(ObjectKind kind, IReadOnlyList<ClusterObject> page);

    /// <summary>The list is complete: what it did not name is gone.</summary>
    void ListEnds(ObjectKind kind);

    /// <summary>Added or changed; both come with the whole object.</summary>
    void Changed(ClusterObject changed);

    void Deleted(ObjectKind kind, Guid uid);

    void StateChanged(ObjectKind kind, WatchState state);
}
