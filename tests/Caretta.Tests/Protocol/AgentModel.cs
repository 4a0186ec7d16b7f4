using Caretta.Messages;
using Caretta.Node.Forward;

namespace Caretta.Tests.Protocol;

/// <summary>One host: its truth, its ledger as committed, and the real outbox that hands it over as the forwarder does.</summary>
internal sealed class AgentModel
{
    private const int MaxReportsPerBatch = 2;

    private readonly string _node;
    private readonly int _shardCount;
    private readonly Func<Guid> _newIncarnation;
    private readonly Func<ulong> _newEpoch;
    private readonly Dictionary<NetworkLink, ulong> _truth = [];
    private LedgerModel _ledger;
    private LedgerModel _backup;
    private Outbox _outbox;
    private ulong _settled = ulong.MaxValue;
    private ulong _renewedSinceDumpAt;

    public AgentModel(string node, int shardCount, Func<Guid> newIncarnation, Func<ulong> newEpoch)
    {
        (_node, _shardCount, _newIncarnation, _newEpoch) = (node, shardCount, newIncarnation, newEpoch);
        _ledger = LedgerModel.Begin(new Source(node, newIncarnation()), _truth);
        _outbox = TakeUp();
        _backup = _ledger;
    }

    public IReadOnlyDictionary<NetworkLink, ulong> Truth => _truth;

    /// <summary>Its loss counter: so much of the truth may be missing, and no more. Null once its disk was cloned, when nobody can tell.</summary>
    public ulong? MayBeLost { get; private set; } = 0;

    /// <summary>The stream it is on, whatever has become of its other end.</summary>
    public StreamModel? Stream { get; private set; }

    /// <summary>All its journals are known to hold all it has.</summary>
    public bool IsDone => Stream is not null && _outbox is { Unacked: 0, IsWaiting: false };

    public Source Source => _ledger.Source;

    public ulong Epoch => _outbox.Epoch;

    /// <summary>What the present incarnation never counts.</summary>
    public ulong Adopted => (ulong)_ledger.Adopted.Values.Sum(bytes => (long)bytes);

    /// <summary>At most so much of the truth is missing because a shard had no room for it.</summary>
    /// <param name="noRoom">Of this node's incarnations, by link.</param>
    public ulong LeftOut(IReadOnlySet<(Source Source, NetworkLink Link)> noRoom) => (ulong)noRoom
        .Where(one => one.Source.NodeName == _node).Select(one => one.Link).Distinct().Sum(link => (long)_truth.GetValueOrDefault(link));

    private ulong Total => (ulong)_truth.Values.Sum(bytes => (long)bytes);

    /// <summary>A poll: bytes were counted, are committed, and given to the outbox.</summary>
    public void Poll(IReadOnlyCollection<NetworkLink> links, ulong bytes)
    {
        foreach (var link in links)
        {
            _truth[link] = _truth.GetValueOrDefault(link) + bytes;
        }

        _ledger = _ledger.Poll(_truth);
        _outbox.Add(_ledger.Sequence, _ledger.Links.Values.Where(report => report.Sequence == _ledger.Sequence));
        SendNext();
    }

    /// <summary>Welcomed by some member.</summary>
    public void Connect(StreamModel stream)
    {
        Stream = stream;
        _outbox.Connected(_shardCount);
    }

    public void Disconnect() => Stream = null;

    /// <summary>It notices at once: what a member says at the end is not modelled.</summary>
    public void LoseStream(StreamModel stream) => Stream = Stream == stream ? null : Stream;

    /// <summary>Killed and started again: only the ledger is left, and what the kernel counted meanwhile.</summary>
    public void Restart()
    {
        _outbox = TakeUp();
        Disconnect();
    }

    /// <summary>The journals have all that was counted so far.</summary>
    public void Settled() => _settled = _ledger.Sequence;

    public void Dumped() => _renewedSinceDumpAt = 0;

    /// <summary>What an ended incarnation reported after the dump nobody can report again.</summary>
    public void Restored()
    {
        Lose(_renewedSinceDumpAt);
        _settled = ulong.MaxValue;
    }

    public void BackUpLedger() => _backup = _ledger;

    /// <summary>The table still shows what was counted since: the next poll attributes it again.</summary>
    public void RollBackLedger()
    {
        _ledger = _backup;
        _settled = ulong.MaxValue; // the sequences from here on are others, whatever their numbers
        Restart();
    }

    public void LoseLedger() => Renew(lossy: true);

    /// <summary>The other host's disk, with all its past, and under its name as well: under another one an agent renews itself at once.</summary>
    public void CloneFrom(AgentModel other)
    {
        MayBeLost = other.MayBeLost = null; // until one of the two starts anew, both report as one, and the greater total hides the other
        var adopted = LedgerModel.Begin(other.Source, _truth).Adopted;
        foreach (var (link, report) in other._ledger.Links)
        {
            // It goes on from the other's totals, which are no traffic of this host's: less than nothing was adopted then, and wraps.
            adopted = adopted.SetItem(link, _truth.GetValueOrDefault(link) - report.Totals.SentBytes);
        }

        _ledger = _backup = other._ledger with { Adopted = adopted };
        Restart();
    }

    public void Hear()
    {
        if (Stream is not { } stream || !stream.ToAgent.TryDequeue(out var message))
        {
            return;
        }

        var held = message.Held;
        var outcome = held.Retired ? HeldOutcome.HoldsMoreThanSent : _outbox.Held(held.Shard, held.Sequence, held.BatchId, held.Opening, held.Epoch);
        if (outcome == HeldOutcome.HoldsMoreThanSent)
        {
            Renew(lossy: !held.Retired || _ledger.Sequence != _settled);
            return;
        }

        SendNext();
    }

    private void SendNext()
    {
        if (Stream is not { } stream)
        {
            return;
        }

        foreach (var batch in _outbox.Next())
        {
            stream.FromAgent.Enqueue(batch.ToWire());
        }
    }

    /// <summary>What the table shows is not added to any link; all of it bounds what may not have been handed over.</summary>
    private void Renew(bool lossy)
    {
        Lose(lossy ? Total : 0);
        _settled = ulong.MaxValue; // of the incarnation that has ended
        _renewedSinceDumpAt = Total;
        _ledger = LedgerModel.Begin(new Source(_node, _newIncarnation()), _truth);
        _backup = _ledger; // a backup from before another incarnation is not modelled
        _settled = ulong.MaxValue;
        Restart();
    }

    private void Lose(ulong upTo) => MayBeLost = MayBeLost is { } before ? Math.Max(before, upTo) : null;

    private Outbox TakeUp()
    {
        _ledger = _ledger.TakenUp(_newEpoch());
        return new Outbox(_ledger.Source, _ledger.Sequence, _ledger.Links.Values, MaxReportsPerBatch, _ledger.Epochs);
    }
}
