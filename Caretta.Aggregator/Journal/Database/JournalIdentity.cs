namespace Caretta.Aggregator.Journal.Database;

/// <param name="Id">128 random bits made with the journal and kept in it, in hexadecimal: whether two members have the same one.</param>
/// <param name="Shared">Whether several members can use it at one time.</param>
internal sealed record JournalIdentity(string Id, bool Shared)
{
    public static string NewId() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
}
