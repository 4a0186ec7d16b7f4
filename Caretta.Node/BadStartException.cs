namespace Caretta.Node;

/// <summary>The agent cannot start as things are. The message is for the operator: the cause, then the remedy.</summary>
public sealed class BadStartException(string cause, string remedy, Exception? inner = null) : Exception($"{cause} {remedy}", inner);
