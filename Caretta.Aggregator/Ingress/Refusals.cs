using Caretta.Messages.Wire;

namespace Caretta.Aggregator.Ingress;

/// <summary>Each refusal is counted before it is sent.</summary>
internal sealed class Refusals(AggregatorMetrics metrics)
{
    public FromAggregator Of(RefusalKind kind, string reason)
    {
        metrics.Refusals.WithLabels(Label(kind)).Inc();
        return new FromAggregator { Refused = new Refused { Kind = kind, Reason = reason } };
    }

    private static string Label(RefusalKind kind) => kind switch
    {
        RefusalKind.RefusalNodeNameInUse => "node_name_in_use",
        RefusalKind.RefusalInvalid => "invalid",
        _ => "unavailable",
    };
}
