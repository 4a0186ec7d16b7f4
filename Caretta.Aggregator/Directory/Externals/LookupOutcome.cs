namespace Caretta.Aggregator.Directory.Externals;

/// <summary>How a reverse lookup ended.</summary>
internal enum LookupOutcome
{
    Named,

    /// <summary>DNS says that the address has no name.</summary>
    Nameless,

    /// <summary>It has names, and none is fit to be shown.</summary>
    Unusable,

    /// <summary>No server answered in time, or the question waited for too long before it could be asked.</summary>
    TimedOut,

    /// <summary>A server refused, failed, or answered what is not DNS.</summary>
    Failed,
}
