using Caretta.Messages;

namespace Caretta.Aggregator.Directory;

/// <summary>For an aggregator that watches no cluster.</summary>
internal sealed class NoDirectory : IDirectory
{
    public DirectoryState State => default;

    public TimeSpan Now => TimeSpan.Zero;

    public DirectoryState Join(IDirectoryClient client) => default;

    /// <summary>Whoever asks in spite of what he was told gets no answer.</summary>
    public IReadOnlyList<SubjectAnswer> Ask(IDirectoryClient client, IReadOnlyList<SubjectQuestion> questions) => [];

    public IReadOnlyList<SubjectAnswer> Tell(IDirectoryClient client, IReadOnlyCollection<Subject> changed) => [];

    public void Forget(IDirectoryClient client, IReadOnlyList<Subject> subjects)
    {
    }

    public void Leave(IDirectoryClient client)
    {
    }
}
