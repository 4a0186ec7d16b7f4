namespace Caretta.SimulatedAgents;

public sealed record LinkTruth(ulong Sent, ulong Received, ulong Opened, ulong Closed);
