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
    /// <summary>A read may miss a flow; a deleted one is missed by two reads in a row.</summary>
    private const int PollsUntilGone = 2;

    private readonly Dictionary<FlowKey, LedgerFlow> _flows = [];
    private readonly Dictionary<NetworkLink, LedgerLink> _links = [];
    private readonly LedgerChange _change;
    private readonly int _maxLinks;
    private LedgerIdentity _identity;
    private long _lastFlowRow;
    private long _lastLinkRow;
    private ulong _poll;
    private ulong _newestNs;
    private ulong _adoptedBytes;
    private ulong _bytesOfThisProcess;
    private int _seen;

    public Ledger(LedgerIdentity identity, int maxLinks)
    {
        (_identity, _maxLinks) = (identity, maxLinks);
        _change = new LedgerChange(identity) { IdentityChanged = true };
    }

    public Ledger(LedgerContents contents, int maxLinks)
        : this(contents.Identity, maxLinks)
    {
        _change.IdentityChanged = false;
        foreach (var row in contents.Links)
        {
            _lastLinkRow = Math.Max(_lastLinkRow, row.Row);
            _links[row.Link] = new LedgerLink(row.Row, row.Link) { Totals = row.Totals, Levels = row.Levels, Sequence = row.Sequence, Stored = true };
        }

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

    public int FlowCount => _flows.Count;

    public int LinkCount => _links.Count;

    public IEnumerable<LedgerLink> Links => _links.Values;

    /// <summary>Bytes seen in the latest poll whose link is not known yet. They wait in the kernel's table.</summary>
    public ulong UnnamedBytes { get; private set; }

    /// <summary>Flows of the latest poll with counts whose link is not known yet.</summary>
    public int UnnamedFlows { get; private set; }

    /// <summary>How often a flow went to <c>~other</c> because the ledger was full.</summary>
    public ulong Redirected { get; private set; }

    internal Dictionary<FlowKey, LedgerFlow>.ValueCollection Flows => _flows.Values;

    internal ulong Poll => _poll;

    /// <summary>All totals restart from zero under another name.</summary>
    public void Renew(string nodeName, Guid incarnation)
    {
        Identify(_identity with { NodeName = nodeName, Incarnation = incarnation });
        _links.Clear();
        _change.DropLinks();
        _change.NewSource = true;
        foreach (var flow in _flows.Values)
        {
            flow.Link = null;
        }
    }

    /// <summary>The aggregator wants no more of this incarnation: what this process attributed to it may never have arrived.</summary>
    public void Refuse(Guid incarnation)
    {
        Renew(_identity.NodeName, incarnation);
        Adopt(LossReason.IncarnationRefused);
        _adoptedBytes += _bytesOfThisProcess;
        _bytesOfThisProcess = 0;
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
        UnnamedBytes = 0;
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
            Attribute(flow, record.Totals, delta, names);
        }

        if (record.Live && !flow.Live)
        {
            flow.Live = true;
            AddLevels(flow, record.Levels, names);
        }
    }

    /// <param name="now">The wall clock, kept for the next start.</param>
    public LedgerChange EndPoll(DateTimeOffset now)
    {
        if (_seen < _flows.Count)
        {
            ForgetDeleted();
        }

        foreach (var link in _links.Values)
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
        [.. _links.Values.Select(link => new Report(link.Link, link.Sequence, link.Totals, link.Levels))];

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

    private void Attribute(LedgerFlow flow, in LinkTotals totals, in LinkTotals delta, ILinkNames names)
    {
        var bytes = delta.SentBytes + delta.ReceivedBytes;
        if (LinkOf(flow, names, changed: true) is not { } link)
        {
            flow.Held = false;
            UnnamedFlows++;
            UnnamedBytes += bytes;
            return;
        }

        link.Totals += delta;
        _bytesOfThisProcess += bytes;
        _change.Add(link);
        flow.Attributed = LinkTotals.Max(totals, flow.Attributed);
        _change.Add(flow);
    }

    private void AddLevels(LedgerFlow flow, in LinkLevels levels, ILinkNames names)
    {
        if (LinkOf(flow, names, changed: false) is not { } link)
        {
            return;
        }

        if (link.LevelsPoll != _poll)
        {
            (link.LevelsPoll, link.NextLevels) = (_poll, default);
        }

        link.NextLevels += levels;
    }

    private LedgerLink? LinkOf(LedgerFlow flow, ILinkNames names, bool changed)
    {
        if (flow.Link is not null && !(changed && flow.NamesVersion != names.Version))
        {
            return flow.Link;
        }

        flow.NamesVersion = names.Version;
        return flow.Link = names.NameOf(flow.Key) is { } name ? LinkNamed(name) : null;
    }

    private LedgerLink LinkNamed(NetworkLink name)
    {
        if (_links.TryGetValue(name, out var link))
        {
            return link;
        }

        // The two that take the rest, one for each role, come on top of the bound.
        if (_links.Count >= _maxLinks && name.Client != StandIns.Other)
        {
            Redirected++;
            return LinkNamed(new NetworkLink(StandIns.Other, StandIns.Other, 0, name.Role));
        }

        return _links[name] = new LedgerLink(++_lastLinkRow, name);
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
