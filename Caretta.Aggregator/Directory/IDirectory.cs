using Caretta.Messages;

namespace Caretta.Aggregator.Directory;

/// <summary>Who owns an address, or a pod. Safe for any thread; nothing here waits.</summary>
internal interface IDirectory
{
    DirectoryState State { get; }

    /// <summary>The clock of all times here.</summary>
    TimeSpan Now { get; }

    /// <summary>From here on the client is told of changes of state.</summary>
    DirectoryState Join(IDirectoryClient client);

    /// <summary>Answers, and tells the client of changes from here on.</summary>
    /// <exception cref="TooManySubjectsException">The client asks about more than one may.</exception>
    IReadOnlyList<SubjectAnswer> Ask(IDirectoryClient client, IReadOnlyList<SubjectQuestion> questions);

    /// <summary>All that is remembered of subjects the client was told have changed; those he has forgotten are left out.</summary>
    IReadOnlyList<SubjectAnswer> Tell(IDirectoryClient client, IReadOnlyCollection<Subject> changed);

    void Forget(IDirectoryClient client, IReadOnlyList<Subject> subjects);

    void Leave(IDirectoryClient client);
}
