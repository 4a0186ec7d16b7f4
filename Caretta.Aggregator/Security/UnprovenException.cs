namespace Caretta.Aggregator.Security;

/// <summary>The agent is refused. The message is for its operator and holds nothing secret.</summary>
internal sealed class UnprovenException(Unproven reason, string message) : Exception(message)
{
    public Unproven Reason { get; } = reason;
}
