namespace Caretta.Aggregator.Journal.Tool;

/// <summary>An event or a snapshot as the database has it.</summary>
/// <param name="Bytes">null: there are none.</param>
/// <param name="Deleted">It only marks how far events were deleted.</param>
internal sealed record LedgerRow(long Sequence, byte[]? Bytes, string? Manifest, int? Serializer, bool Deleted);
