using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Caretta.Aggregator.Ingress;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Node.Kernel;
using Caretta.Node.Names;
using CsCheck;
using NetworkLink = Caretta.Messages.NetworkLink;
using LinkTotals = Caretta.Messages.LinkTotals;
using Workload = Caretta.Messages.Workload;

namespace Caretta.Tests.Node.Names;

public class CleanNameSpecs
{
    /// <summary>Letters, and everything that is no label: halves of pairs, controls, line breaks, what turns text.</summary>
    private static readonly Gen<string> AnyName = Gen.OneOf(
            Gen.Char,
            Gen.Char['\0', ' '],
            Gen.Char['\uD800', '\uDFFF'],
            Gen.Char['\u2020', '\u206F'],
            Gen.Char.AlphaNumeric)
        .Array[0, 300].Select(chars => new string(chars));

    [Fact]
    public void Whatever_a_name_is_the_aggregator_takes_what_becomes_of_it() =>
        AnyName.Sample(
            name =>
            {
                var clean = CleanName.Of(name);
                Assert.Equal(clean, CleanName.Of(name));
                Assert.Equal(clean, CleanName.Of(clean));
                AssertTaken(new NetworkLink(new Workload("node-a", "process", clean), StandIns.Address("192.0.2.7"), 80, Role.Client));
            },
            iter: 5000);

    [Fact]
    public void Whatever_a_process_or_a_container_calls_itself_the_aggregator_takes_its_links() =>
        Gen.Select(AnyName, Gen.Byte.Array[0, 15], Gen.Bool).Sample(
            (unit, comm, byCgroup) =>
            {
                var names = new HostNames("node-a", () => new Dictionary<ulong, string> { [7] = $"/system.slice/lxc.payload.{unit}/{unit}.service" });
                var flow = Flow(comm, byCgroup ? 7UL : 0UL);
                names.BeginPoll();
                names.Observe(flow);
                names.EndObservation();
                AssertTaken(Assert.IsType<NetworkLink>(names.NameOf(flow, changedNs: 0).Link));
            },
            iter: 2000);

    [Fact]
    public void A_name_that_is_a_label_stays_as_it_is()
    {
        foreach (var name in new[] { "curl", "節点", "a\\x2db.service", "was no text\uFFFD", "\U0001F600", new string('x', NameRules.MaxLength) })
        {
            Assert.Same(name, CleanName.Of(name));
        }
    }

    [Fact]
    public void What_is_no_label_is_written_out()
    {
        Assert.Equal("a\\u{1b}[31mb", CleanName.Of("a\u001B[31mb"));
        Assert.Equal("\\u{202e}txt.exe", CleanName.Of("\u202Etxt.exe"));
        Assert.Equal("half\\u{d83d}", CleanName.Of("half\uD83D"));
        Assert.Equal("~unnamed", CleanName.Of(""));
    }

    [Fact]
    public void Long_names_that_begin_alike_stay_two()
    {
        var (one, other) = (CleanName.Of(new string('x', 300) + "1"), CleanName.Of(new string('x', 300) + "2"));
        Assert.Equal((NameRules.MaxLength, NameRules.MaxLength), (one.Length, other.Length));
        Assert.NotEqual(one, other);
    }

    private static void AssertTaken(NetworkLink link)
    {
        var report = new Report(link, 1, new LinkTotals { SentBytes = 1 }, default);
        var checkedBatch = IngressRules.Check(new Batch { Id = 1, Watermark = 1, Reports = { report.ToWire() } }, lastBatchId: 0, shardCount: 1);
        Assert.Empty(checkedBatch.Faults);
        Assert.Equal(link, Assert.Single(checkedBatch.Reports).Link);
    }

    /// <summary>A process may be called by any bytes, so they are put where the kernel has them.</summary>
    private static FlowKey Flow(byte[] comm, ulong cgroup)
    {
        const string placeholder = "a-placeholder--";
        var flow = new FlowKey(IPAddress.Parse("10.0.0.1"), IPAddress.Parse("192.0.2.7"), 80, Role.Client, netns: 1, cgroup, placeholder);
        var bytes = FlowKey.AsBytes(flow).ToArray();
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(placeholder));
        bytes.AsSpan(at, placeholder.Length).Clear();
        comm.CopyTo(bytes.AsSpan(at));
        return MemoryMarshal.Read<FlowKey>(bytes);
    }
}
