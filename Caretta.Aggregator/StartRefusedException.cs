namespace Caretta.Aggregator;

/// <summary>The process cannot start as it is set up. The message names cause and remedy and is all that is printed.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
