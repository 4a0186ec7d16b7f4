using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>Probe → forwarder, after each poll's commit: the links that changed in it.</summary>
public sealed record ReportsCommitted(Source Source, ulong Sequence, IReadOnlyList<Report> Reports);
