using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>
/// Forwarder → probe: the aggregator holds more of this source than its ledger ever committed (rolled back or cloned), or has retired it.
/// The answer is <see cref="SourceStarted"/> with a new incarnation.
/// </summary>
public sealed record IncarnationRefused(Source Source, string Reason);
