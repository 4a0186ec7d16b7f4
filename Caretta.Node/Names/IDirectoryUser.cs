using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>Whoever asks a directory, and what he is told. One thread at a time.</summary>
public interface IDirectoryUser
{
    DirectoryState State { get; }

    /// <summary>Subjects known or asked about.</summary>
    int Known { get; }

    /// <summary>Times a subject or an external was not asked about for want of room.</summary>
    ulong Overflowed { get; }

    /// <summary>Pods of local ends that were forgotten before their time for want of room.</summary>
    long Crowded { get; }

    /// <summary>Messages of changes that nobody had just asked about.</summary>
    ulong Notices { get; }

    /// <summary>Null if there is nothing to ask, nobody to ask, or a question unanswered.</summary>
    NameQuestions? NextQuestions();

    void StateChanged(DirectoryState state);

    void Learn(NameAnswers answers);

    /// <param name="heardAt">When the aggregator was last heard of, by the monotonic clock.</param>
    void StreamEnded(TimeSpan heardAt);
}
