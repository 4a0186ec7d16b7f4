namespace Caretta.Messages;

public readonly record struct SubjectAnswer(Subject Subject, Timeline Timeline);
