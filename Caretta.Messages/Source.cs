namespace Caretta.Messages;

/// <summary>Who reports: a node and the incarnation of its ledger. Totals of two sources are added, never compared.</summary>
/// <param name="Incarnation">128 random bits, made with the ledger; compared only for equality.</param>
public sealed record Source(string NodeName, Guid Incarnation)
{
    /// <summary>The incarnation says it all, and is random already.</summary>
    public override int GetHashCode() => Incarnation.GetHashCode();
}
