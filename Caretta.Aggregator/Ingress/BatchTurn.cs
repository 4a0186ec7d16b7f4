namespace Caretta.Aggregator.Ingress;

internal enum BatchTurn
{
    Begun,

    /// <summary>Its shard was opened again since: the agent knows, or will in a moment, that it has to be sent again.</summary>
    Superseded,

    /// <summary>No agent that keeps the rules sends a batch now.</summary>
    OutOfTurn,
}
