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

    /// <summary>A link that fails again and again over the same report must not be asked for ever; its batch is left unanswered then.</summary>
    public const int MaxRepeats = 3;

    private readonly Dictionary<long, OpenBatch> _open = [];
    private readonly Dictionary<Source, long> _openBySource = [];
    private readonly Queue<DecidedBatch> _decided = [];
    private long _lastToken;

    public int Deciding => _open.Count;

    /// <summary>Batches for the next commit.</summary>
    public int Waiting => _decided.Count;

    /// <returns>What to ask the links; their answers go to <see cref="Decided"/>.</returns>
    public IReadOnlyList<DecideReport> Begin(BatchHeader header, IReadOnlyList<RoutedReport> reports)
    {
        if (_openBySource.Remove(header.Source, out var replaced))
        {
            _open.Remove(replaced);
        }

        if (reports.Count == 0)
        {
            _decided.Enqueue(new DecidedBatch(header, []));
            return [];
        }

        var token = ++_lastToken;
        var asks = new DecideReport?[reports.Count];
        for (var item = 0; item < asks.Length; item++)
        {
            asks[item] = new DecideReport(token, item, reports[item].By, reports[item].Report, reports[item].Always);
        }

        _open.Add(token, new OpenBatch(header, asks));
        _openBySource.Add(header.Source, token);
        return [.. asks!];
    }

    /// <summary>One of the batch's links has decided; with the last of them the batch waits for the next commit. A second answer changes nothing.</summary>
    public void Decided(long token, int item, LinkAdvance? advance)
    {
        if (!_open.TryGetValue(token, out var batch) || !batch.Close(item))
        {
            return; // replaced by the source's next, or answered before
        }

        if (advance is not null)
        {
            batch.Advances.Add(advance);
        }

        if (batch.Undecided == 0)
        {
            _open.Remove(token);
            _openBySource.Remove(batch.Header.Source);
            _decided.Enqueue(new DecidedBatch(batch.Header, batch.Advances));
        }
    }

    /// <summary>The link failed or was stopped, and what it had been asked may have died with it: ask again.</summary>
    public IReadOnlyList<DecideReport> AskAgain(ulong linkId)
    {
        var asks = new List<DecideReport>();
        foreach (var (token, batch) in _open.ToList())
        {
            var lost = batch.Asks.OfType<DecideReport>().Where(ask => ask.Report.Link.Id == linkId).ToList();
            if (lost.Count > 0 && ++batch.Repeats > MaxRepeats)
            {
                _open.Remove(token);
                _openBySource.Remove(batch.Header.Source);
                continue;
            }

            asks.AddRange(lost);
        }

        return asks;
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

    private sealed class OpenBatch(BatchHeader header, DecideReport?[] asks)
    {
        public BatchHeader Header { get; } = header;

        /// <summary>null: answered.</summary>
        public IReadOnlyList<DecideReport?> Asks => asks;

        public int Undecided { get; private set; } = asks.Length;

        public int Repeats { get; set; }

        public List<LinkAdvance> Advances { get; } = [];

        /// <returns>False: it was answered before.</returns>
        public bool Close(int item)
        {
            if (asks[item] is null)
            {
                return false;
            }

            asks[item] = null;
            Undecided--;
            return true;
        }
    }
}
