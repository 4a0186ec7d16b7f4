using Caretta.Messages;
using Caretta.Node.Names;

namespace Caretta.Node.Ledger;

/// <summary>
/// Where bytes wait for a name: one row for the same ends, and another when the first spans a minute, so that an address which changes
/// hands meanwhile is told apart by the minute. When half the room is taken rows only grow; when all of it is, new ends find none.
/// </summary>
/// <param name="max">Rows.</param>
internal sealed class WaitingRows(int max)
{
    private const long LongestSpanNs = 60_000_000_000;

    private readonly Dictionary<LinkEnds, WaitingRow> _newest = [];
    private readonly List<WaitingRow> _rows = [];
    private long _lastRow;

    public int Count => _rows.Count;

    public ulong Bytes { get; private set; }

    public void Restore(WaitingRow row)
    {
        _lastRow = Math.Max(_lastRow, row.Row);
        Append(row);
        Bytes += row.Bytes;
    }

    /// <summary>Null if there is no room.</summary>
    public WaitingRow? Add(in LinkEnds ends, long changedNs, in LinkTotals delta)
    {
        if (!_newest.TryGetValue(ends, out var row) || (changedNs - row.FirstNs > LongestSpanNs && _rows.Count < max / 2))
        {
            if (row is null && _rows.Count >= max)
            {
                return null;
            }

            row = new WaitingRow(++_lastRow, ends, changedNs);
            Append(row);
        }

        row.LastNs = Math.Max(row.LastNs, changedNs);
        row.Totals += delta;
        Bytes += delta.SentBytes + delta.ReceivedBytes;
        return row;
    }

    /// <summary>Takes out the rows that are done waiting.</summary>
    /// <param name="isDone">Asked once for each.</param>
    public void Remove(Func<WaitingRow, bool> isDone)
    {
        var kept = 0;
        for (var i = 0; i < _rows.Count; i++)
        {
            var row = _rows[i];
            if (!isDone(row))
            {
                _rows[kept++] = row;
                continue;
            }

            Bytes -= row.Bytes;
            if (_newest.TryGetValue(row.Ends, out var newest) && newest == row)
            {
                _newest.Remove(row.Ends);
            }
        }

        _rows.RemoveRange(kept, _rows.Count - kept);
    }

    private void Append(WaitingRow row)
    {
        _rows.Add(row);
        _newest[row.Ends] = row;
    }
}
