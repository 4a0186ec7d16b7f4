namespace Caretta.Messages;

/// <param name="From">On the asker's clock: the traffic is no older, and the answer need not reach back further.</param>
public readonly record struct SubjectQuestion(Subject Subject, TimeSpan From);
