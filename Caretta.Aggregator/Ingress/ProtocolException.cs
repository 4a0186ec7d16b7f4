namespace Caretta.Aggregator.Ingress;

/// <summary>An agent broke the protocol's rules. The message goes back to it.</summary>
public sealed class ProtocolException(string message) : Exception(message);
