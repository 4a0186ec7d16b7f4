namespace Caretta.Messages.Tls;

/// <param name="Reason">In words for an operator: what is wrong with which certificate, and what to do.</param>
public sealed record PeerFault(FaultKind Kind, string Reason);
