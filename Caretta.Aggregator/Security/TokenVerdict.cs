namespace Caretta.Aggregator.Security;

/// <summary>What the API server makes of a token.</summary>
/// <param name="Reason">Null: it is good, and <paramref name="NodeName"/> is the node whose pod holds it.</param>
/// <param name="Message">Why not, in words for an operator; nothing of the token.</param>
internal sealed record TokenVerdict(Unproven? Reason, string Message, string NodeName)
{
    public static TokenVerdict Good(string nodeName) => new(null, "", nodeName);

    public static TokenVerdict Bad(Unproven reason, string message) => new(reason, message, "");
}
