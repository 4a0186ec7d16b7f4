using Caretta.Messages;
using Caretta.Messages.Wire;

namespace Caretta.Node.Forward;

/// <summary>Reports of one shard, sent together.</summary>
/// <param name="Watermark">With this batch journalled, the shard holds every report of the source up to this sequence.</param>
/// <param name="Opening">Of the shard, as it last named it.</param>
public sealed record OutboxBatch(ulong Id, int Shard, ulong Watermark, uint Opening, IReadOnlyList<Report> Reports)
{
    public FromNode ToWire() => new()
    {
        Batch = new Batch
        {
            Id = Id,
            Shard = (uint)Shard,
            Watermark = Watermark,
            Opening = Opening,
            Reports = { Reports.Select(report => report.ToWire()) },
        },
    };
}
