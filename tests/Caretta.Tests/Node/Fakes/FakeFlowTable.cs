using System.Net;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;

namespace Caretta.Tests.Node.Fakes;

/// <summary>
/// The kernel's tables in memory, slots and all, with the truth beside them. It misbehaves when told to, and only as the kernel can: a read
/// may miss a flow, but not twice in a row, and shows no counts from before it began.
/// </summary>
internal sealed class FakeFlowTable(Guid tableId, IReadOnlyList<FakeSocket> sockets) : IFlowTable
{
    private const int NotPermitted = 1;

    private readonly Dictionary<FlowKey, Flow> _flows = [];
    private readonly Dictionary<FlowKey, LinkTotals> _truth = [];
    private readonly Dictionary<ulong, SocketAccount> _accounts = [];
    private readonly Dictionary<FlowKey, ReadFault> _disturbed = [];
    private readonly HashSet<TableStep> _refused = [];
    private HashSet<FlowKey> _missed = [];
    private ulong _now;
    private ulong _poll;

    public FakeFlowTable()
        : this(Guid.NewGuid(), [])
    {
    }

    public Guid TableId { get; set; } = tableId;

    /// <summary>Nothing was counted in this boot before these tables.</summary>
    public bool FreshBoot { get; init; }

    public IReadOnlyList<SocketAccount> Carried { get; init; } = [];

    public bool Attached { get; private set; } = true;

    public Action OnRemoved { get; init; } = () => { };

    public bool Disposed { get; private set; }

    public KernelCounters Counters { get; private set; }

    /// <summary>All that was ever counted, by the key's first slot.</summary>
    public IReadOnlyDictionary<FlowKey, LinkTotals> Truth => _truth;

    public IEnumerable<FlowKey> Keys => _flows.Keys;

    public List<TableStep> Calls { get; } = [];

    /// <summary>Traffic while a call is under way: half of what it does is done.</summary>
    public Action<TableStep> Meanwhile { get; set; } = _ => { };

    public static FlowKey KeyOf(int port, Role role = Role.Client) =>
        new(IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"), (ushort)port, role);

    public static FlowKey FirstSlot(in FlowKey key) => key.Slot == 0 ? key : Eviction.OtherSlot(key);

    /// <summary>The next call.</summary>
    public void Refuse(TableStep step) => _refused.Add(step);

    /// <summary>No call is refused any more.</summary>
    public void Forgive() => _refused.Clear();

    /// <summary>In the next read.</summary>
    public void Disturb(in FlowKey key, ReadFault fault) => _disturbed[key] = fault;

    /// <summary>As the programs do: to slot 0, or to slot 1 while slot 0 retires and until slot 1 itself is retired.</summary>
    public void Count(in FlowKey key, in LinkTotals counted)
    {
        var flow = FlowOf(key);
        flow.Totals += counted;
        flow.ChangedNs = ++_now;
        var first = FirstSlot(key);
        _truth[first] = _truth.GetValueOrDefault(first) + counted;
    }

    public void Count(in FlowKey key, ulong sent) => Count(key, new LinkTotals { SentBytes = sent });

    /// <summary>Connections in these states, from the next fold until they are said to be gone.</summary>
    public void Hold(in FlowKey key, params TcpState[] connections)
    {
        Span<uint> states = stackalloc uint[LinkLevels.StateCount];
        states.Clear();
        foreach (var state in connections)
        {
            states[(int)state]++;
        }

        FlowOf(key).Held = LinkLevels.Of(states);
    }

    /// <summary>Gone by other hands than the eviction's, with what it held.</summary>
    public void Lose(in FlowKey key) => _flows.Remove(key);

    public FlowRecord this[in FlowKey key] => _flows[key].ToRecord(key, _poll);

    public void Fold()
    {
        Begin(TableStep.Fold);
        _poll++;
        MoveCounts();
        foreach (var flow in _flows.Values.Where(flow => !flow.Held.IsEmpty))
        {
            flow.Poll = _poll;
        }
    }

    public long Enrol()
    {
        Begin(TableStep.Enrol);
        var found = 0;
        foreach (var socket in sockets.Where(socket => !_accounts.ContainsKey(socket.Cookie)))
        {
            Meet(socket);
            found++;
        }

        return found;
    }

    /// <summary>A connection that the programs see begin.</summary>
    public void Begun(FakeSocket socket) => _accounts[socket.Cookie] = new SocketAccount { Cookie = socket.Cookie };

    public void Read(FlowReader reader)
    {
        Calls.Add(TableStep.Read);
        var missed = new HashSet<FlowKey>();
        var order = _flows.Keys.OrderBy(key => key.IsOverflow).ToList();
        var beginning = order.ConvertAll(key => this[key]);
        for (var i = 0; i < order.Count; i++)
        {
            if (i == order.Count / 2)
            {
                Meanwhile(TableStep.Read);
                ThrowIfRefused(TableStep.Read);
            }

            Give(beginning[i], missed, reader);
        }

        if (order.Count == 0)
        {
            Meanwhile(TableStep.Read);
            ThrowIfRefused(TableStep.Read);
        }

        _disturbed.Clear();
        _missed = missed;
        foreach (var flow in _flows.Values)
        {
            flow.Awaited = true;
        }
    }

    /// <summary>Refused, it has not waited for the programs under way: until the end of the next read they may still add.</summary>
    public void Retire(IReadOnlyList<FlowKey> keys)
    {
        var marked = keys.Select(key => _flows.GetValueOrDefault(key)).OfType<Flow>().Where(flow => !flow.Retiring).ToList();
        marked.ForEach(flow => (flow.Retiring, flow.Awaited) = (true, false));
        Begin(TableStep.Retire);
        marked.ForEach(flow => flow.Awaited = true);
    }

    public void Delete(IReadOnlyList<FlowKey> keys)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (i == keys.Count / 2)
            {
                Begin(TableStep.Delete);
            }

            _flows.Remove(keys[i]);
        }
    }

    public KernelCounters ReadCounters()
    {
        Begin(TableStep.ReadCounters);
        return Counters;
    }

    public IReadOnlyList<SocketAccount> Detach()
    {
        Begin(TableStep.Detach);
        _poll++;
        MoveCounts();
        Attached = false;
        return [.. _accounts.Values];
    }

    public void Remove()
    {
        Begin(TableStep.Remove);
        OnRemoved();
    }

    public void Dispose() => Disposed = true;

    /// <summary>New programs take the place of those before.</summary>
    public void Reattach() => (Attached, Disposed) = (true, false);

    private void Give(in FlowRecord beginning, HashSet<FlowKey> missed, FlowReader reader)
    {
        var key = beginning.Key;
        if (!_disturbed.TryGetValue(key, out var fault))
        {
            reader(this[key]);
        }
        else if (fault == ReadFault.Missed && !_missed.Contains(key))
        {
            missed.Add(key);
        }
        else
        {
            reader(fault == ReadFault.Twice ? beginning : this[key]);
            reader(fault == ReadFault.Twice ? this[key] : beginning);
        }
    }

    private Flow FlowOf(in FlowKey key)
    {
        var first = FirstSlot(key);
        var second = Eviction.OtherSlot(first);
        if (_flows.TryGetValue(first, out var flow) && flow.Open)
        {
            return flow;
        }

        if (_flows.TryGetValue(second, out var other) && other.Open)
        {
            return other;
        }

        var free = flow is null ? first : second;
        return _flows.TryGetValue(free, out var taken) ? taken : _flows[free] = new Flow { BornNs = ++_now };
    }

    private void Meet(FakeSocket socket)
    {
        var carried = Carried.Where(account => account.Cookie == socket.Cookie).ToList();
        _accounts[socket.Cookie] = carried is [var account] ? account
            : FreshBoot ? new SocketAccount { Cookie = socket.Cookie }
            : new SocketAccount { Cookie = socket.Cookie, Sent = socket.Sent, BaseSent = socket.Sent };
        var unobserved = carried is [] && !FreshBoot ? socket.Sent : 0;
        Counters = Counters with { Enrolled = Counters.Enrolled + 1, UnobservedBytes = Counters.UnobservedBytes + unobserved };
    }

    private void MoveCounts()
    {
        foreach (var socket in sockets)
        {
            if (_accounts.TryGetValue(socket.Cookie, out var account) && socket.Sent > account.Sent)
            {
                Count(socket.Key, socket.Sent - account.Sent);
                _accounts[socket.Cookie] = account with { Sent = socket.Sent };
            }
        }
    }

    private void Begin(TableStep step)
    {
        Calls.Add(step);
        Meanwhile(step);
        ThrowIfRefused(step);
    }

    private void ThrowIfRefused(TableStep step)
    {
        if (_refused.Remove(step))
        {
            throw new LibbpfException($"{step}, for the sake of the test", NotPermitted);
        }
    }

    private sealed class Flow
    {
        public required ulong BornNs { get; init; }

        public ulong ChangedNs { get; set; }

        public LinkTotals Totals { get; set; }

        public LinkLevels Held { get; set; }

        public ulong Poll { get; set; }

        public bool Retiring { get; set; }

        /// <summary>No program is under way that found it before it was retired.</summary>
        public bool Awaited { get; set; } = true;

        public bool Open => !Retiring || !Awaited;

        public FlowRecord ToRecord(in FlowKey key, ulong poll)
        {
            var live = poll != 0 && Poll == poll && !Held.IsEmpty;
            return new FlowRecord(key, BornNs, ChangedNs, live, Retiring, Totals, live ? Held : default);
        }
    }
}
