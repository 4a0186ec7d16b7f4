using System.Net;
using System.Runtime.InteropServices;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Tests.Node.Kernel;

public class LiveCountsSpecs
{
    private static readonly FlowKey Key = new(IPAddress.Loopback, IPAddress.Loopback, 80, Role.Client);
    private readonly LiveCounts _live = new();

    [Fact]
    public void What_sockets_have_pending_is_added_to_what_the_flow_had_before_they_were_looked_at()
    {
        Look(flow: 100, pending: 10);
        Look(flow: 130, pending: 5); // another socket of the flow; meanwhile a third moved 30, which the first two do not have pending

        Assert.Equal(115UL, Shown(table: 100));
    }

    [Fact]
    public void What_was_moved_to_the_table_between_the_fold_and_the_read_is_not_counted_twice()
    {
        Look(flow: 100, pending: 10);

        Assert.Equal(110UL, Shown(table: 110));
        Assert.Equal(150UL, Shown(table: 150));
    }

    [Fact]
    public void A_flow_that_no_live_socket_is_ahead_of_is_as_the_table_has_it()
    {
        Look(flow: 100, pending: 10);
        _live.Clear();

        Assert.Equal(100UL, Shown(table: 100));
    }

    [Fact]
    public void Bytes_that_are_not_in_the_table_are_of_the_time_they_were_looked_at()
    {
        Look(flow: 100, pending: 10);

        Assert.Equal(900UL, _live.Over(Record(100)).ChangedNs);
        Assert.Equal(7UL, _live.Over(Record(110)).ChangedNs);
    }

    [Fact]
    public void Records_are_taken_as_the_programs_write_them()
    {
        var record = new byte[8 + LiveSocket.Size];
        record[0] = LiveSocket.Size;
        var socket = new LiveSocket { Key = Key, FlowReceived = 1, PendingReceived = 2, LookedNs = 3 };
        MemoryMarshal.Write(record.AsSpan(8), socket);
        _live.Take([.. record, .. record]);

        Assert.Equal(5UL, _live.Over(Record(0)).Totals.ReceivedBytes);
    }

    private static FlowRecord Record(ulong sent) =>
        new(Key, BornNs: 1, ChangedNs: 7, Live: true, Retiring: false, default(LinkTotals) with { SentBytes = sent }, default);

    private ulong Shown(ulong table) => _live.Over(Record(table)).Totals.SentBytes;

    private void Look(ulong flow, ulong pending) =>
        _live.Add(new LiveSocket { Key = Key, FlowSent = flow, PendingSent = pending, LookedNs = 900 });
}
