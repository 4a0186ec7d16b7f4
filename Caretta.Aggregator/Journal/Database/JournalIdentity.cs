namespace Caretta.Aggregator.Journal.Database;

/// <summary>Which journal this is, so that two members can tell whether they have the same one.</summary>
/// <param name="Id">Random, made with the journal and kept in it.</param>
/// <param name="Shared">Whether several members may have it at once.</param>
internal sealed record JournalIdentity(string Id, bool Shared);
