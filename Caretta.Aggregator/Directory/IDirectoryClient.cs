using Caretta.Messages;

namespace Caretta.Aggregator.Directory;

/// <summary>Called by any thread, with the directory locked: to take note, not to do anything.</summary>
internal interface IDirectoryClient
{
    /// <summary>What was answered about it may not hold any more.</summary>
    void Changed(Subject subject);

    void StateChanged(DirectoryState state);
}
