namespace Caretta.Aggregator.Directory;

/// <summary>A stream asks about more addresses and pods than one may.</summary>
internal sealed class TooManySubjectsException()
    : Exception($"One stream may ask about {Messages.NameQuestions.MaxSubjectsPerStream} addresses and pods at a time.");
