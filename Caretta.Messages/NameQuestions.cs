namespace Caretta.Messages;

/// <summary>What an agent asks the directory. Whoever asks about a subject is told of its changes until he forgets it.</summary>
/// <param name="Id">Counts up within a stream.</param>
public sealed record NameQuestions(
    ulong Id, IReadOnlyList<SubjectQuestion> Subjects, IReadOnlyList<ExternalPair> Externals, IReadOnlyList<Subject> Forgotten)
{
    /// <summary>Of subjects, of pairs, and of forgotten ones.</summary>
    public const int MaxPerMessage = 1000;

    /// <summary>Subjects that one stream may be told of.</summary>
    public const int MaxSubjectsPerStream = 200_000;
}
