namespace Caretta.Aggregator.Cli;

/// <summary>A command cannot do what it was told. The message is its last word: cause and remedy.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
