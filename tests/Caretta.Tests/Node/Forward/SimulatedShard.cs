using Caretta.Messages;
using Caretta.Node.Forward;

namespace Caretta.Tests.Node.Forward;

/// <summary>A shard as its journal would have it: the maximum per link, and the highest watermark. Can be put back to an earlier state.</summary>
internal sealed class SimulatedShard
{
    private Dictionary<NetworkLink, Report> _held = [];
    private (Dictionary<NetworkLink, Report> Held, ulong Watermark, ulong History) _backup = ([], 0, 0);
    private ulong _events;

    public ulong Watermark { get; private set; }

    public ulong History { get; private set; }

    public IReadOnlyDictionary<NetworkLink, Report> Held => _held;

    /// <param name="builtOn">The history of which the agent was last told.</param>
    public void Take(OutboxBatch batch, ulong builtOn)
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

        Watermark = builtOn == 0 || builtOn == History ? Math.Max(Watermark, batch.Watermark) : Watermark;
        History = Caretta.Aggregator.Journal.History.After(History, ++_events);
    }

    public void Backup() => _backup = (new(_held), Watermark, History);

    public void Restore() => (_held, Watermark, History) = (new(_backup.Held), _backup.Watermark, _backup.History);
}
