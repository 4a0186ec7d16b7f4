using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// Batches between their arrival and the journal: first their links decide, then they wait for the commit in flight, then they go into
/// the next one together. A batch is never split. At most one per source is being decided: a source sends the next after the
/// acknowledgement, or again on a new stream, and then nobody waits for the older one.
/// </summary>
internal sealed class GroupCommit
{
    /// <summary>An event stays well below what a journal takes; the last batch may go beyond it by its own size.</summary>
    public const int MaxAdvances = 20_000;

    private readonly Dictionary<long, OpenBatch> _open = [];
    private readonly Dictionary<Source, long> _openBySource = [];
    private readonly Queue<DecidedBatch> _decided = [];
    private long _lastToken;

    public int Deciding => _open.Count;

    /// <param name="reports">How many of its links will decide.</param>
    /// <returns>The token to give to <see cref="Decided"/>.</returns>
    public long Begin(BatchHeader header, int reports)
    {
        if (_openBySource.Remove(header.Source, out var replaced))
        {
            _open.Remove(replaced);
        }

        var batch = new OpenBatch(header, reports);
        if (reports == 0)
        {
            _decided.Enqueue(batch.Close());
            return 0;
        }

        _open.Add(++_lastToken, batch);
        _openBySource.Add(header.Source, _lastToken);
        return _lastToken;
    }

    /// <summary>One of the batch's links has decided; with the last of them the batch waits for the next commit.</summary>
    public void Decided(long token, LinkAdvance? advance)
    {
        if (!_open.TryGetValue(token, out var batch))
        {
            return; // replaced by the source's next
        }

        if (advance is not null)
        {
            batch.Advances.Add(advance);
        }

        if (--batch.Undecided == 0)
        {
            _open.Remove(token);
            _openBySource.Remove(batch.Header.Source);
            _decided.Enqueue(batch.Close());
        }
    }

    /// <summary>The batches of the next commit, in the order in which they were decided; empty if there are none.</summary>
    public Commit Next()
    {
        var batches = new List<DecidedBatch>();
        var advances = 0;
        while (advances < MaxAdvances && _decided.TryDequeue(out var batch))
        {
            batches.Add(batch);
            advances += batch.Advances.Count;
        }

        return new Commit(batches);
    }

    private sealed class OpenBatch(BatchHeader header, int undecided)
    {
        public BatchHeader Header { get; } = header;

        public int Undecided { get; set; } = undecided;

        public List<LinkAdvance> Advances { get; } = [];

        public DecidedBatch Close() => new(Header, Advances);
    }
}
