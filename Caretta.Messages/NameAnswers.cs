namespace Caretta.Messages;

/// <param name="Id">The questions answered; 0 for changes nobody asked about just now.</param>
public sealed record NameAnswers(ulong Id, IReadOnlyList<SubjectAnswer> Subjects, IReadOnlyList<GrantedPair> Externals);
