namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Why a list or a watch came to nothing, as far as it matters for what to do next.</summary>
internal enum WatchFailure
{
    /// <summary>The server, or the way to it, is not well: go on from the same version later.</summary>
    Interrupted,

    /// <summary>The server does not know the version any more: list.</summary>
    Expired,

    /// <summary>We may not: somebody has to give us the right.</summary>
    Forbidden,
}
