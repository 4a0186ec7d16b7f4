using Caretta.Messages;

namespace Caretta.Aggregator.Shards;

/// <summary>To whoever keeps a node's name, wherever it lives.</summary>
internal sealed record NodeEnvelope(string NodeName, ClaimNode Message) : IMemberMessage;

/// <summary>A stream wants to be the only one under its node's name. The sender is watched: with its end the name is free.</summary>
/// <param name="Age">How old the stream is: of two of one incarnation the younger lives on, whichever is heard first.</param>
internal sealed record ClaimNode(Source Source, TimeSpan Age) : IMemberMessage;

/// <summary>To a stream: the answer to its claim, or that a younger one came.</summary>
internal sealed record NodeAnswer(string NodeName, NodeVerdict Verdict) : IMemberMessage;

internal enum NodeVerdict
{
    Unknown = 0,
    Granted = 1,
    InUse = 2,
    TakenOver = 3,
}
