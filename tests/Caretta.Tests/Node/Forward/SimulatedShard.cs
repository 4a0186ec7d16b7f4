using Caretta.Messages;
using Caretta.Node.Forward;

namespace Caretta.Tests.Node.Forward;

/// <summary>A shard as its journal would have it: the maximum per link, and the highest watermark. Can be put back to an earlier state.</summary>
internal sealed class SimulatedShard
{
    private Dictionary<NetworkLink, Report> _held = [];
    private (Dictionary<NetworkLink, Report> Held, ulong Watermark) _backup = ([], 0);

    public ulong Watermark { get; private set; }

    public IReadOnlyDictionary<NetworkLink, Report> Held => _held;

    public void Take(OutboxBatch batch)
    {
        foreach (var report in batch.Reports)
        {
            var before = _held.GetValueOrDefault(report.Link);
            _held[report.Link] = before is null
                ? report
                : report with
                {
                    Totals = LinkTotals.Max(before.Totals, report.Totals),
                    Sequence = Math.Max(before.Sequence, report.Sequence),
                };
        }

        Watermark = Watermark >= batch.Base ? Math.Max(Watermark, batch.Watermark) : Watermark;
    }

    public void Backup() => _backup = (new(_held), Watermark);

    public void Restore() => (_held, Watermark) = (new(_backup.Held), _backup.Watermark);
}
