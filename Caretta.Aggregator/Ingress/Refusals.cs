using Caretta.Messages;
using Caretta.Messages.Wire;

namespace Caretta.Aggregator.Ingress;

/// <summary>Each refusal is counted before it is sent.</summary>
internal sealed class Refusals(AggregatorMetrics metrics)
{
    public FromAggregator Of(RefusalKind kind, string reason)
    {
        metrics.Refusals.WithLabels(RefusalLabel.Of(kind)).Inc();
        return new FromAggregator { Refused = new Refused { Kind = kind, Reason = reason } };
    }
}
