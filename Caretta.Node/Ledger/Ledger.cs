using System.Runtime.InteropServices;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;

namespace Caretta.Node.Ledger;

/// <summary>
/// Turns "bytes of a flow" into "total of a link of this source". Pure: no input or output, no clock, no randomness. One poll is
/// <see cref="BeginPoll"/>, <see cref="Account"/> for each flow read, <see cref="EndPoll"/>; then the change is committed and
/// <see cref="Committed"/> says so. A poll that breaks off is simply begun again.
/// </summary>
public sealed class Ledger
{
    public const int DefaultMaxWaiting = 10_000;

    /// <summary>At 16 bytes each. Beyond, the oldest is forgotten, and a shard that nothing was sent to since then has the incarnation begin anew.</summary>
    public const int MaxEpochs = 65_536;

    /// <summary>A read may miss a flow; a deleted one is missed by two reads in a row.</summary>
    private const int PollsUntilGone = 2;

    private readonly Dictionary<FlowKey, LedgerFlow> _flows = [];
    private readonly LedgerChange _change;
    private readonly Attribution _attribution;
    private readonly List<LedgerEpoch> _epochs = [];
    private ulong _presentEpoch;
    private LedgerIdentity _identity;
    private long _lastFlowRow;
    private ulong _poll;
    private ulong _newestNs;
    private ulong _adoptedBytes;
    private ulong _bytesInTable;
    private int _seen;

    public Ledger(LedgerIdentity identity, int maxLinks, int maxWaiting = DefaultMaxWaiting)
    {
        _identity = identity;
        _change = new LedgerChange(identity) { IdentityChanged = true };
        _attribution = new Attribution(_change, maxLinks, maxWaiting);
    }

    public Ledger(LedgerContents contents, int maxLinks, int maxWaiting = DefaultMaxWaiting)
        : this(contents.Identity, maxLinks, maxWaiting)
    {
        _change.IdentityChanged = false;
        _attribution.Restore(contents);
        _epochs.AddRange(contents.Epochs);
        foreach (var row in contents.Flows)
        {
            _lastFlowRow = Math.Max(_lastFlowRow, row.Row);
            var flow = new LedgerFlow(row.Row, row.Key, row.BornNs) { Attributed = row.Attributed, Leaving = row.Leaving, Stored = true };
            if (_flows.TryGetValue(row.Key, out var other) && other.BornNs > row.BornNs)
            {
                _change.AddDeleted(flow);
                continue;
            }

            if (other is not null)
            {
                _change.AddDeleted(other);
            }

            _flows[row.Key] = flow;
        }
    }

    /// <summary>As last committed, but for what was decided since.</summary>
    public LedgerIdentity Identity => _identity;

    /// <summary>Of this incarnation, in their order; the last is this process's.</summary>
    public IReadOnlyList<LedgerEpoch> Epochs => [.. _epochs];

    public int FlowCount => _flows.Count;

    public int LinkCount => _attribution.Links.Count;

    public IEnumerable<LedgerLink> Links => _attribution.Links.All;

    /// <summary>Bytes whose link is not known yet: they wait here, or until the next poll in the kernel's table.</summary>
    public ulong UnnamedBytes => _attribution.Waiting.Bytes + _bytesInTable;

    /// <summary>Rows of bytes that wait here for a name.</summary>
    public int WaitingRows => _attribution.Waiting.Count;

    /// <summary>Bytes that found no room to wait in and were given the best name there was.</summary>
    public ulong SettledBytes => _attribution.SettledBytes;

    /// <summary>Bytes that became no link's, by reason, of this process.</summary>
    public IReadOnlyDictionary<LeftOutReason, ulong> LeftOutBytes => _attribution.LeftOutBytes;

    /// <summary>Flows of the latest poll whose counts were left in the kernel's table.</summary>
    public int UnnamedFlows { get; private set; }

    /// <summary>How often a flow went to <c>~other</c> because the ledger was full.</summary>
    public ulong Redirected => _attribution.Links.Redirected;

    internal Dictionary<FlowKey, LedgerFlow>.ValueCollection Flows => _flows.Values;

    internal ulong Poll => _poll;

    /// <summary>The ledger is taken up, and whatever is committed from here on is of an epoch of its own.</summary>
    /// <param name="id">Random: another one goes on from a copy of this ledger.</param>
    public void BeginEpoch(ulong id)
    {
        var epoch = new LedgerEpoch(id, _identity.Sequence);
        _epochs.RemoveRange(0, Math.Max(0, _epochs.Count - MaxEpochs + 1));
        _epochs.Add(epoch);
        (_change.NewEpoch, _presentEpoch) = (epoch, id);
    }

    /// <summary>All totals restart from zero under another name. What waited may have been reported by another owner of this ledger's past.</summary>
    public void Renew(string nodeName, Guid incarnation, LossReason reason)
    {
        Identify(_identity with { NodeName = nodeName, Incarnation = incarnation, AdoptReason = reason });
        _adoptedBytes += _attribution.Clear();
        _change.NewSource = true;
        RestartEpochs();
        foreach (var flow in _flows.Values)
        {
            flow.Link = null;
        }
    }

    /// <summary>The aggregator wants no more of this incarnation: what this process attributed to it may never have arrived.</summary>
    public void Refuse(Guid incarnation)
    {
        Renew(_identity.NodeName, incarnation, LossReason.IncarnationRefused);
        Adopt(LossReason.IncarnationRefused);
        _adoptedBytes += _attribution.BytesOfThisProcess;
        _attribution.BytesOfThisProcess = 0;
    }

    /// <summary>The tables the flows were of are gone.</summary>
    public void ForgetFlows()
    {
        _flows.Clear();
        _change.DropFlows();
        Identify(_identity with { AdoptBornUntilNs = 0, AdoptReason = LossReason.None });
    }

    /// <summary>Takes the tables over as they are: what they show now is not added to any link.</summary>
    public void Adopt(LossReason reason)
    {
        Identify(_identity with { AdoptBornUntilNs = ulong.MaxValue, AdoptReason = reason });
        // Without their rows a process after a crash takes the flows over as well. Here they stay: what was attributed of them bounds the loss.
        _change.DropFlows();
        foreach (var flow in _flows.Values)
        {
            (flow.Adopting, flow.Stored) = (true, false);
        }
    }

    /// <summary>Which tables are counted from.</summary>
    public void Bind(string bootId, Guid tableId)
    {
        if (_identity.BootId != bootId || _identity.TableId != tableId)
        {
            Identify(_identity with { BootId = bootId, TableId = tableId });
        }
    }

    /// <param name="carried">The accounts of the open sockets; none once new programs have taken them on.</param>
    /// <param name="detached">The programs are off and these are all accounts there are.</param>
    public void Carry(IReadOnlyList<SocketAccount> carried, bool detached)
    {
        Identify(_identity with { Detached = detached });
        _change.Carried = carried;
    }

    public void BeginPoll()
    {
        _poll++;
        _seen = 0;
        UnnamedFlows = 0;
        _bytesInTable = 0;
    }

    /// <summary>This process has not seen the flow yet, so names may depend on it.</summary>
    public bool IsNew(in FlowRecord record) =>
        !_flows.TryGetValue(record.Key, out var flow) || flow.SeenPoll == 0 || flow.BornNs != record.BornNs;

    /// <summary>A flow that comes twice in a read, or with counts older than before, changes nothing.</summary>
    public void Account(in FlowRecord record, ILinkNames names)
    {
        if (Sighted(record) is not { } flow)
        {
            return;
        }

        var delta = record.Totals - flow.Attributed;
        if (flow.Adopting)
        {
            TakeOver(flow, record.Totals, delta);
        }
        else if (delta != default)
        {
            flow.ChangedPoll = _poll;
            Attribute(flow, record, delta, names);
        }

        if (record.Live && !flow.Live)
        {
            flow.Live = true;
            AddLevels(flow, record, names);
        }
    }

    /// <param name="now">The wall clock, kept for the next start.</param>
    /// <param name="names">For what waits.</param>
    public LedgerChange EndPoll(DateTimeOffset now, ILinkNames names)
    {
        _attribution.NameWaiting(names);
        if (_seen < _flows.Count)
        {
            ForgetDeleted();
        }

        foreach (var link in _attribution.Links.All)
        {
            var levels = link.LevelsPoll == _poll ? link.NextLevels : default;
            if (levels != link.Levels)
            {
                link.Levels = levels;
                _change.Add(link);
            }
        }

        EndAdoption();
        return Prepare(now);
    }

    /// <summary>The change without a poll: what was decided about the ledger itself.</summary>
    public LedgerChange Prepare(DateTimeOffset now)
    {
        _change.Identity = _identity with { LastPoll = now, Sequence = _identity.Sequence + (_change.ChangedLinks.Count > 0 ? 1UL : 0) };
        foreach (var link in _change.ChangedLinks)
        {
            link.Sequence = _change.Identity.Sequence;
        }

        return _change;
    }

    /// <summary>The change is on disk.</summary>
    public void Committed()
    {
        _identity = _change.Identity;
        _change.Reset();
    }

    /// <summary>All links as last committed, for a forwarder that knows nothing yet.</summary>
    public IReadOnlyList<Report> AllReports() =>
        [.. _attribution.Links.All.Select(link => new Report(link.Link, link.Sequence, link.Totals, link.Levels))];

    /// <summary>First phase of eviction ended: deletion from the table follows the commit.</summary>
    internal void Leave(LedgerFlow flow)
    {
        if (!flow.Leaving)
        {
            flow.Leaving = true;
            _change.Add(flow);
        }
    }

    internal bool Knows(in FlowKey key) => _flows.ContainsKey(key);

    private LedgerFlow? Sighted(in FlowRecord record)
    {
        ref var flow = ref CollectionsMarshal.GetValueRefOrAddDefault(_flows, record.Key, out _);
        if (flow is null || flow.BornNs < record.BornNs)
        {
            if (flow is not null)
            {
                _change.AddDeleted(flow); // its key was given to a new flow, so it is gone for good
            }

            flow = new LedgerFlow(++_lastFlowRow, record.Key, record.BornNs) { Adopting = record.BornNs <= _identity.AdoptBornUntilNs && _identity.AdoptBornUntilNs != 0 };
        }
        else if (flow.BornNs > record.BornNs)
        {
            return null;
        }

        if (flow.SeenPoll != _poll)
        {
            (flow.SeenPoll, flow.Live, flow.Held, flow.PollsAbsent) = (_poll, false, true, 0);
            _seen++;
        }

        if (record.Retiring && flow.RetiringPoll == 0)
        {
            flow.RetiringPoll = _poll;
        }

        _newestNs = Math.Max(_newestNs, Math.Max(record.BornNs, record.ChangedNs));
        return flow;
    }

    private void TakeOver(LedgerFlow flow, in LinkTotals totals, in LinkTotals delta)
    {
        _adoptedBytes += delta.SentBytes + delta.ReceivedBytes;
        flow.Attributed = LinkTotals.Max(totals, flow.Attributed);
        flow.Adopting = false;
        _change.Add(flow);
    }

    private void Attribute(LedgerFlow flow, in FlowRecord record, in LinkTotals delta, ILinkNames names)
    {
        if (!_attribution.Take(flow, record.ChangedNs, delta, names))
        {
            flow.Held = false;
            UnnamedFlows++;
            _bytesInTable += delta.SentBytes + delta.ReceivedBytes;
            return;
        }

        flow.Attributed = LinkTotals.Max(record.Totals, flow.Attributed);
        _change.Add(flow);
    }

    private void AddLevels(LedgerFlow flow, in FlowRecord record, ILinkNames names)
    {
        if (_attribution.LinkOf(flow, record.ChangedNs, names) is not { } link)
        {
            return;
        }

        if (link.LevelsPoll != _poll)
        {
            (link.LevelsPoll, link.NextLevels) = (_poll, default);
        }

        link.NextLevels += record.Levels;
    }

    private void ForgetDeleted()
    {
        foreach (var (key, flow) in _flows)
        {
            if (flow.SeenPoll == _poll)
            {
                continue;
            }

            flow.Live = false;
            if (flow.Leaving && ++flow.PollsAbsent >= PollsUntilGone)
            {
                _change.AddDeleted(flow);
                _flows.Remove(key);
            }
        }
    }

    /// <summary>Of another incarnation nothing was sent before.</summary>
    private void RestartEpochs()
    {
        _epochs.Clear();
        if (_presentEpoch != 0)
        {
            BeginEpoch(_presentEpoch);
        }
    }

    private void EndAdoption()
    {
        if (_identity.AdoptBornUntilNs == ulong.MaxValue)
        {
            // A flow this read missed is older than the newest thing it saw, and is taken over when it shows.
            Identify(_identity with { AdoptBornUntilNs = Math.Max(_newestNs, 1) });
            _change.Loss = new LedgerLoss(_identity.AdoptReason, _adoptedBytes);
        }
        else if (_adoptedBytes > 0)
        {
            _change.Loss = new LedgerLoss(_identity.AdoptReason, _adoptedBytes + (_change.Loss?.Bytes ?? 0));
        }

        _adoptedBytes = 0;
    }

    private void Identify(LedgerIdentity identity)
    {
        _identity = identity;
        _change.Identity = identity;
        _change.IdentityChanged = true;
    }
}
