namespace Caretta.Aggregator.Directory;

/// <summary>How it stands with the watch of one kind.</summary>
internal enum WatchState
{
    /// <summary>The first list has not come to its end.</summary>
    Listing,

    /// <summary>All changes arrive; between two watches of one sequence as well.</summary>
    Current,

    /// <summary>The API server does not answer, or not with what we understand: what is known is of before.</summary>
    Interrupted,

    /// <summary>We may not see this kind. The others go on without it; it is asked for again now and then.</summary>
    Forbidden,
}
