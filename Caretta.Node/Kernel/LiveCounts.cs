using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>
/// What flows have at least, by the latest fold: the counts of the kernel's table and, on top, what live sockets have not moved there yet. Bounded
/// by the sockets' table.
/// </summary>
internal sealed class LiveCounts
{
    private readonly Dictionary<FlowKey, AtLeast> _flows = [];
    private readonly List<LiveSocket> _sockets = [];

    /// <summary>A fold begins.</summary>
    public void Clear() => _flows.Clear();

    /// <summary>What the fold wrote, in whole records.</summary>
    public void Take(ReadOnlySpan<byte> output)
    {
        _sockets.Clear();
        SizedRecords.Parse(output, _sockets);
        foreach (ref readonly var socket in CollectionsMarshal.AsSpan(_sockets))
        {
            Add(socket);
        }
    }

    /// <summary>
    /// The flow's counts are those before the first of its sockets was looked at: what sockets moved since is in what they have pending, never in both.
    /// </summary>
    public void Add(in LiveSocket socket)
    {
        ref var flow = ref CollectionsMarshal.GetValueRefOrAddDefault(_flows, socket.Key, out var known);
        if (!known)
        {
            flow = new AtLeast(socket.FlowSent, socket.FlowReceived, 0);
        }

        flow = new AtLeast(flow.Sent + socket.PendingSent, flow.Received + socket.PendingReceived, socket.LookedNs);
    }

    /// <summary>The flow as the table has it, or with what it has at least. What is ahead of the table now is in it later, at the latest at the close.</summary>
    public FlowRecord Over(in FlowRecord flow)
    {
        if (!_flows.TryGetValue(flow.Key, out var least) || (least.Sent <= flow.Totals.SentBytes && least.Received <= flow.Totals.ReceivedBytes))
        {
            return flow;
        }

        return flow with
        {
            ChangedNs = Math.Max(flow.ChangedNs, least.LookedNs),
            Totals = flow.Totals with
            {
                SentBytes = Math.Max(flow.Totals.SentBytes, least.Sent),
                ReceivedBytes = Math.Max(flow.Totals.ReceivedBytes, least.Received),
            },
        };
    }

    private readonly record struct AtLeast(ulong Sent, ulong Received, ulong LookedNs);
}
