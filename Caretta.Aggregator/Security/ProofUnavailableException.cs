namespace Caretta.Aggregator.Security;

/// <summary>Nobody can say just now whether the agent's proof is good: it is to come again.</summary>
internal sealed class ProofUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
