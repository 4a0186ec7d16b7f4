using System.Text.Json.Serialization;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>One line of an exported journal, docs/operations.md. What changes in them gets a new <see cref="ExportFormat.Version"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ExportHeader), "journal")]
[JsonDerivedType(typeof(ExportShard), "shard")]
[JsonDerivedType(typeof(ExportSource), "source")]
[JsonDerivedType(typeof(ExportRetired), "retired")]
[JsonDerivedType(typeof(ExportLink), "link")]
[JsonDerivedType(typeof(ExportGrants), "grants")]
[JsonDerivedType(typeof(ExportEnd), "end")]
internal abstract record ExportLine;

internal sealed record ExportHeader(string Format, int Version, int Shards, string JournalId, DateTimeOffset ExportedAt, string Program) : ExportLine;

/// <param name="Sequence">Of the ledger's last event, to compare with; an import does not use it.</param>
/// <param name="Sources">How many lines of each kind follow.</param>
internal sealed record ExportShard(int Shard, long Sequence, long ListenedMs, int Sources, int Retired, int Links) : ExportLine;

internal sealed record ExportSource(int Shard, string Node, string Incarnation, ulong Watermark, long HeardMs) : ExportLine;

internal sealed record ExportRetired(int Shard, string Incarnation) : ExportLine;

/// <param name="Retired">Sum over the retired sources; null if none was.</param>
internal sealed record ExportLink(
    int Shard,
    ulong Id,
    Workload Client,
    Workload Server,
    ushort Port,
    string Role,
    bool Expired,
    LinkTotals? Retired,
    IReadOnlyList<ExportTotals> Held) : ExportLine;

/// <param name="Origin">For a ~other link: the link counted in it; otherwise 0.</param>
internal sealed record ExportTotals(string Node, string Incarnation, ulong Origin, LinkTotals Totals);

/// <param name="Renewed">Unix time in seconds, one for each external.</param>
internal sealed record ExportGrants(ulong Workload, IReadOnlyList<ulong> Externals, IReadOnlyList<uint> Renewed) : ExportLine;

/// <param name="Lines">Before this one.</param>
/// <param name="Sha256">Of all bytes before this line.</param>
internal sealed record ExportEnd(long Lines, string Sha256) : ExportLine;
