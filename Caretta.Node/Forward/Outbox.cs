using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>
/// Reports not yet acknowledged, by shard. Coalesces by link: load costs freshness, never bytes. Pure. At most one batch per shard is in
/// flight; an acknowledgement says that the shard's journal holds everything of this source up to a sequence.
/// </summary>
public sealed class Outbox
{
    private readonly int _maxReports;
    private readonly ulong _takenUp;
    private readonly LedgerEpochs _epochs;
    private readonly Dictionary<NetworkLink, Report> _latest = [];
    private OutboxShard[] _shards = [];
    private ulong _nextBatch = 1;
    private ulong _committed;

    /// <param name="sequence">The highest that the ledger had committed when this process took it up.</param>
    /// <param name="epochs">The ledger's, in their order; the last one is this process's.</param>
    public Outbox(Source source, ulong sequence, IEnumerable<Report> reports, int maxReportsPerBatch, IReadOnlyList<LedgerEpoch>? epochs = null)
    {
        (Source, _takenUp, _committed, _maxReports) = (source, sequence, sequence, maxReportsPerBatch);
        _epochs = new LedgerEpochs(epochs ?? []);
        foreach (var report in reports)
        {
            _latest[report.Link] = report;
        }
    }

    public Source Source { get; }

    /// <summary>This process's, for the Hello.</summary>
    public ulong Epoch => _epochs.Present;

    /// <summary>Links whose latest report no journal is known to hold.</summary>
    public int Unacked => _shards.Length == 0 ? _latest.Count : _shards.Sum(shard => shard.Dirty.Count);

    /// <summary>A shard owes an answer: to a batch, or what it holds.</summary>
    public bool IsWaiting => Array.Exists(_shards, shard => !shard.IsOpen || shard.InFlight is not null);

    public void Add(ulong sequence, IEnumerable<Report> reports)
    {
        _committed = sequence;
        foreach (var report in reports)
        {
            _latest[report.Link] = report;
            if (_shards.Length > 0)
            {
                ShardOf(report.Link).Dirty.TryAdd(report.Link, report.Sequence);
            }
        }
    }

    /// <summary>A new stream: what was in flight counts as unsent, and no shard has said yet what it holds.</summary>
    public void Connected(int shardCount)
    {
        if (_shards.Length != shardCount)
        {
            _shards = [.. Enumerable.Range(0, shardCount).Select(_ => new OutboxShard())];
            foreach (var link in _latest.Keys)
            {
                ShardOf(link).Dirty.Add(link, 0);
            }
        }

        foreach (var shard in _shards)
        {
            (shard.InFlight, shard.IsOpen, shard.Opening) = (null, false, 0);
        }
    }

    /// <summary>
    /// What a shard says it holds: in answer to a batch, or, with no batch named, at the start of a stream and whenever it moved, started again
    /// or had been silent for too long. Then what was in flight to it counts as unsent.
    /// </summary>
    /// <param name="epoch">Of the process whose batch brought the shard there; 0: it does not say.</param>
    /// <param name="opening">How often the shard was opened again on this stream; batches name it, so that older ones can be told.</param>
    public HeldOutcome Held(uint shardNumber, ulong held, ulong batchId, uint opening = 0, ulong epoch = 0)
    {
        if (shardNumber >= _shards.Length)
        {
            return HeldOutcome.Ignored;
        }

        var shard = _shards[shardNumber];
        if (!CanHold(shard, held, epoch))
        {
            return HeldOutcome.HoldsMoreThanSent;
        }

        if (batchId == 0)
        {
            var wasInFlight = shard.InFlight is not null;
            (shard.InFlight, shard.Opening) = (null, opening);
            Open(shard, held);
            return wasInFlight ? HeldOutcome.Reopened : HeldOutcome.Opened;
        }

        if (shard.InFlight is not { } batch || batch.Id != batchId)
        {
            return HeldOutcome.Ignored; // of a batch nobody waits for any more
        }

        shard.InFlight = null;
        if (held < batch.Watermark)
        {
            Resend(shard, held); // it took the batch and yet holds less: the journal was put back to an earlier state
            return HeldOutcome.HoldsLess;
        }

        shard.Acked = held;
        foreach (var report in batch.Reports)
        {
            if (_latest[report.Link].Sequence == report.Sequence)
            {
                shard.Dirty.Remove(report.Link);
            }
            else
            {
                shard.Dirty[report.Link] = report.Sequence + 1; // it changed while the batch was under way
            }
        }

        return HeldOutcome.Acknowledged;
    }

    /// <summary>The next batch of each shard that can take one.</summary>
    public IReadOnlyList<OutboxBatch> Next()
    {
        var batches = new List<OutboxBatch>();
        for (var number = 0; number < _shards.Length; number++)
        {
            var shard = _shards[number];
            if (shard is { IsOpen: true, InFlight: null, Dirty.Count: > 0 })
            {
                batches.Add(shard.InFlight = Fill(number, shard));
                shard.Sent = Math.Max(shard.Sent, shard.InFlight.Watermark);
            }
        }

        return batches;
    }

    /// <summary>
    /// Only what a process of this ledger has sent can be held: this one, or one before it up to what it left behind. Else the ledger was put back
    /// or copied since, and what another process has counted under the same sequences is there.
    /// </summary>
#if MUTANT_EPOCH_IGNORED
    private bool CanHold(OutboxShard shard, ulong held, ulong epoch) =>
        held <= Math.Max(_takenUp, shard.Sent) || held <= _epochs.LeftBehindBy(epoch);
#else
    private bool CanHold(OutboxShard shard, ulong held, ulong epoch) => held == 0 || held <= epoch switch
    {
        0 => Math.Max(_takenUp, shard.Sent),
        _ when epoch == Epoch => shard.Sent,
        _ => _epochs.LeftBehindBy(epoch),
    };
#endif

    private OutboxBatch Fill(int number, OutboxShard shard)
    {
        // What waits longest goes first, so that a link which changes at every poll cannot be left out for ever.
        var longest = shard.Dirty.OrderBy(dirty => dirty.Value).Take(_maxReports + 1).ToList();
        var watermark = _committed;
        if (longest.Count > _maxReports)
        {
            // Everything up to the first report left out, also one that a later report replaced, is in this batch or acknowledged before.
            watermark = longest[_maxReports].Value - 1;
            longest.RemoveAt(_maxReports);
        }

        return new OutboxBatch(
            _nextBatch++, number, watermark, shard.Opening, [.. longest.Select(dirty => _latest[dirty.Key])]);
    }

    private void Open(OutboxShard shard, ulong held)
    {
        shard.IsOpen = true;
        if (shard.Acked is { } acked && held < acked)
        {
            Resend(shard, held);
        }
        else
        {
            // A batch is journalled whole, so the shard has every report up to what it holds, acknowledged to us or not. What lies beyond may
            // have been acknowledged and be gone again: part of a split batch does not show in what a shard says it holds.
            Await(shard, held, report => report.Sequence > held);
        }
    }

    private void Resend(OutboxShard shard, ulong held) => Await(shard, held, _ => true);

    private void Await(OutboxShard shard, ulong held, Func<Report, bool> which)
    {
        shard.Acked = held;
        shard.Dirty.Clear();
        foreach (var (link, report) in _latest)
        {
            if (ReferenceEquals(ShardOf(link), shard) && which(report))
            {
                shard.Dirty[link] = held + 1;
            }
        }
    }

    private OutboxShard ShardOf(NetworkLink link) => _shards[LinkSharding.ShardOf(link, _shards.Length)];
}
