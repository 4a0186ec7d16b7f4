using System.Collections.Immutable;
using Caretta.Messages;
using Caretta.Node.Forward;

namespace Caretta.Tests.Protocol;

/// <summary>One host: its truth, its ledger as committed, and the real outbox that hands it over.</summary>
internal sealed class AgentModel
{
    private const int MaxReportsPerBatch = 2;

    private readonly string _node;
    private readonly Func<Guid> _newIncarnation;
    private readonly Dictionary<NetworkLink, ulong> _truth = [];
    private LedgerModel _ledger;
    private LedgerModel _backup;
    private ulong _settled = ulong.MaxValue;
    private bool _renewedSinceDump;

    public AgentModel(string node, int shardCount, Func<Guid> newIncarnation)
    {
        (_node, _newIncarnation, ShardCount) = (node, newIncarnation, shardCount);
        _ledger = _backup = new LedgerModel(new Source(node, newIncarnation()), 0, ImmutableDictionary<NetworkLink, Report>.Empty);
        (Outbox, Stream) = (Take(_ledger), new Stream(_ledger.Source));
    }

    public IReadOnlyDictionary<NetworkLink, ulong> Truth => _truth;

    /// <summary>It has lost a ledger, or left an incarnation with reports nobody may have: totals may stay below the truth from now on.</summary>
    public bool Lossy { get; private set; }

    public bool Connected { get; private set; }

    public Outbox Outbox { get; private set; }

    public Stream Stream { get; private set; }

    public Source Source => _ledger.Source;

    private int ShardCount { get; }

    /// <summary>A poll: bytes are counted, committed, and given to the outbox.</summary>
    public void Count(NetworkLink link, ulong bytes)
    {
        _truth[link] = _truth.GetValueOrDefault(link) + bytes;
        _ledger = _ledger.Count(link, bytes);
        Outbox.Add(_ledger.Sequence, [_ledger.Links[link]]);
    }

    public void Connect()
    {
        (Connected, Stream) = (true, new Stream(Source));
        Outbox.Connected(ShardCount);
    }

    public void Disconnect() => Connected = false;

    /// <summary>Killed and started again: only the ledger is left.</summary>
    public void Restart()
    {
        Outbox = Take(_ledger);
        Connected = false;
    }

    /// <summary>The journals have all that was counted so far.</summary>
    public void Settled() => _settled = _ledger.Sequence;

    public void Dumped() => _renewedSinceDump = false;

    /// <summary>What an ended incarnation reported after the dump nobody can report again.</summary>
    public void Restored()
    {
        Lossy |= _renewedSinceDump;
        _settled = ulong.MaxValue;
    }

    public void BackUpLedger() => _backup = _ledger;

    public void RollBack()
    {
        Lossy |= !ReferenceEquals(_ledger, _backup);
        _ledger = _backup;
        Restart();
    }

    public void LoseLedger() => Renew(lossy: true);

    /// <summary>The other host's disk, with all its past.</summary>
    public void CloneFrom(AgentModel other)
    {
        Lossy = true;
        other.Lossy = true; // one of the two will start anew, and which one is not said
        (_renewedSinceDump, _ledger) = (true, other._ledger); // under its name as well: under another one an agent renews itself at once
        Restart();
    }

    /// <returns>False: this incarnation cannot go on.</returns>
    public bool Hear(ShardAnswer answer)
    {
        var outcome = answer.Retired ? HeldOutcome.HoldsMoreThanSent : Outbox.Held((uint)answer.Shard, answer.Sequence, answer.BatchId);
        if (outcome != HeldOutcome.HoldsMoreThanSent)
        {
            return true;
        }

        Renew(lossy: !answer.Retired || _ledger.Sequence != _settled);
        return false;
    }

    private void Renew(bool lossy)
    {
        Lossy |= lossy;
        _renewedSinceDump = true;
        _ledger = new LedgerModel(new Source(_node, _newIncarnation()), 0, ImmutableDictionary<NetworkLink, Report>.Empty);
        Restart();
    }

    private static Outbox Take(LedgerModel ledger) => new(ledger.Source, ledger.Sequence, ledger.Links.Values, MaxReportsPerBatch);
}
