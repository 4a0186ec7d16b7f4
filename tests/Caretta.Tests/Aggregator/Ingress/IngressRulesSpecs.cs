using Caretta.Aggregator.Ingress;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Fakes;
using Google.Protobuf;
using Workload = Caretta.Messages.Workload;

namespace Caretta.Tests.Aggregator.Ingress;

public class IngressRulesSpecs
{
    private const int Shards = LinkSharding.DefaultShardCount;

    private static readonly NetworkLink Link = Traffic.Link(1);

    [Fact]
    public void A_hello_that_keeps_the_rules_names_its_source_and_poll_interval()
    {
        var source = Traffic.Source("node-1");
        Assert.Equal(
            new AgentHello(source, TimeSpan.FromSeconds(5), MayReopen: false), IngressRules.Check(AgentClient.Hello(source).Hello));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(1_000_000)]
    public void An_incarnation_of_another_length_is_refused(int length)
    {
        var refusal = RefusalOf(hello => hello.Incarnation = ByteString.CopyFrom(new byte[length]));
        Assert.Contains($"16 bytes, not {length}", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_without_a_name_is_refused()
    {
        Assert.Equal("The node's name is empty.", RefusalOf(hello => hello.NodeName = ""));
    }

    [Fact]
    public void A_nodes_name_has_a_longest()
    {
        Assert.Contains("node's name has 254 characters", RefusalOf(hello => hello.NodeName = new string('n', 254)), StringComparison.Ordinal);
        Accept(hello => hello.NodeName = new string('n', 253));
    }

    [Fact]
    public void A_control_character_in_a_name_is_refused()
    {
        Assert.Contains("node's name contains a control character", RefusalOf(hello => hello.NodeName = "a\nb"), StringComparison.Ordinal);
        Assert.Contains("version contains a control character", RefusalOf(hello => hello.Version = "1\u001b[2J"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(3_600_001)]
    [InlineData(uint.MaxValue)]
    public void A_poll_interval_nobody_could_mean_is_refused(uint milliseconds)
    {
        Assert.Contains("The poll interval is", RefusalOf(hello => hello.PollIntervalMs = milliseconds), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3_600_000)]
    public void The_shortest_and_the_longest_poll_interval_are_taken(uint milliseconds)
    {
        Accept(hello => hello.PollIntervalMs = milliseconds);
    }

    [Fact]
    public void A_batch_that_keeps_the_rules_comes_out_as_it_was_sent()
    {
        var sent = Traffic.Report(Link, sent: 1000, sequence: 2, established: 3);
        Assert.Equal(sent, Assert.Single(Taken(Batch(sent))));
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(4, 5)]
    [InlineData(0, 0)]
    public void A_batch_out_of_order_is_refused(ulong id, ulong last)
    {
        var batch = Batch();
        batch.Id = id;
        Assert.Equal($"Batch {id} follows batch {last}; ids count up.", Refusal(batch, last));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(uint.MaxValue)]
    public void A_shard_that_does_not_exist_is_refused(uint shard)
    {
        var batch = Batch();
        batch.Shard = shard;
        Assert.Equal($"There is no shard {shard}; there are 64.", Refusal(batch));
    }

    [Fact]
    public void A_link_in_another_shards_batch_is_refused()
    {
        var batch = Batch(Traffic.Report(Link, sent: 1));
        batch.Shard = (batch.Shard + 1) % Shards;
        Assert.Contains($"Link {Link.Id} belongs to shard {Link.Id % Shards}", Refusal(batch), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_reports_are_refused_and_the_most_are_taken()
    {
        var report = Traffic.Report(Link, sent: 1);
        var batch = Batch([.. Enumerable.Repeat(report, IngressRules.MaxReports)]);
        Assert.Equal(IngressRules.MaxReports, Taken(batch).Count);
        IngressRules.Check(new Batches { Batches_ = { batch } });
        Assert.Throws<ProtocolException>(() => IngressRules.Check(new Batches { Batches_ = { batch, Batch(report) } }));

        batch.Reports.Add(report.ToWire());
        Assert.Equal("A batch has 16385 reports; 16384 are the most.", Refusal(batch));
    }

    [Fact]
    public void A_report_without_a_link_is_left_out_alone()
    {
        Assert.Equal("A report names no link.", Ignored(ReportFault.Link, report => report.Link = null));
    }

    [Fact]
    public void A_link_without_a_client_or_a_server_is_left_out_alone()
    {
        Assert.Equal("A link names no client or no server.", Ignored(ReportFault.Link, report => report.Link.Client = null));
        Assert.Equal("A link names no client or no server.", Ignored(ReportFault.Link, report => report.Link.Server = null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(uint.MaxValue)]
    public void A_role_that_is_neither_end_is_left_out_alone(uint role)
    {
        Assert.Contains($"role is {role};", Ignored(ReportFault.Link, report => report.Link.Role = role), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(uint.MaxValue)]
    public void A_port_beyond_the_last_is_left_out_alone(uint port)
    {
        Assert.Contains($"server port is {port};", Ignored(ReportFault.Link, report => report.Link.ServerPort = port), StringComparison.Ordinal);
    }

    /// <summary>What found no room in the flow table is counted under ~overflow links, which may lack a port.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(65_535)]
    public void Port_zero_and_the_last_port_are_taken(ushort port)
    {
        var sent = Traffic.Report(Link with { ServerPort = port }, sent: 1);
        Assert.Equal(sent, Assert.Single(Taken(Batch(sent))));
    }

    [Fact]
    public void A_workload_must_have_a_kind_and_a_name()
    {
        Assert.Equal("A workload's kind is empty.", Ignored(ReportFault.Name, report => report.Link.Client.Kind = ""));
        Assert.Equal("A workload's name is empty.", Ignored(ReportFault.Name, report => report.Link.Server.Name = ""));
    }

    [Fact]
    public void A_workload_may_lack_a_namespace_and_an_owner()
    {
        var workload = new Workload("", "process", "curl");
        Assert.Single(Taken(Batch(Traffic.Report(Link with { Client = workload }, sent: 1))));
    }

    [Fact]
    public void Every_part_of_a_workload_has_a_longest_and_no_control_characters()
    {
        var tooLong = new string('x', 254);
        Assert.Contains("namespace has 254 characters", Ignored(ReportFault.Name, report => report.Link.Client.Namespace = tooLong), StringComparison.Ordinal);
        Assert.Contains("kind has 254 characters", Ignored(ReportFault.Name, report => report.Link.Client.Kind = tooLong), StringComparison.Ordinal);
        Assert.Contains("name has 254 characters", Ignored(ReportFault.Name, report => report.Link.Server.Name = tooLong), StringComparison.Ordinal);
        Assert.Contains("owner has 254 characters", Ignored(ReportFault.Name, report => report.Link.Server.Owner = tooLong), StringComparison.Ordinal);
        Assert.Contains("owner contains a control character", Ignored(ReportFault.Name, report => report.Link.Server.Owner = "\0"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_without_a_sequence_is_refused()
    {
        Assert.Equal("A report has no sequence.", Refusal(report => report.Sequence = 0));
    }

    [Fact]
    public void A_total_that_could_overflow_a_sum_is_left_out_alone_whichever_counter_it_is_in()
    {
        var counters = Totals.Descriptor.Fields.InDeclarationOrder();
        Assert.Equal(11, counters.Count);
        Assert.All(counters, counter => Assert.Equal(
            $"A total of link {Link.Id} is beyond any traffic.",
            Ignored(ReportFault.Totals, report => counter.Accessor.SetValue(report.Totals, IngressRules.MaxTotal))));
    }

    [Fact]
    public void More_connections_than_a_host_can_have_are_left_out_alone()
    {
        void Claim(LinkReport report, uint connections) =>
            report.Levels = new Levels { States = { new StateCount { State = 1, Connections = connections } } };
        Assert.Contains("more connections", Ignored(ReportFault.Levels, report => Claim(report, IngressRules.MaxConnections + 1)), StringComparison.Ordinal);

        var most = Batch(Traffic.Report(Link, sent: 1));
        Claim(most.Reports[0], IngressRules.MaxConnections);
        Assert.Single(Taken(most));
    }

    [Fact]
    public void A_report_may_be_newer_than_what_its_batch_covers_for_its_link_changed_again_while_it_waited() =>
        Assert.Single(Taken(Batch(Traffic.Report(Link, sent: 1, sequence: 9))));

    [Theory]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2066b")]
    [InlineData("\u200Fb")]
    [InlineData("a\u2028b")]
    [InlineData("a\u0085b")]
    public void A_name_that_breaks_or_turns_the_text_around_it_is_left_out(string name)
    {
        Assert.Contains("control character", Ignored(ReportFault.Name, report => report.Link.Client.Name = name), StringComparison.Ordinal);
        Assert.Contains("control character", RefusalOf(hello => hello.NodeName = name), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_name_and_whole_ones_are()
    {
        Assert.NotNull(NameRules.Fault("It", "a\uD83D", mayBeEmpty: false));
        Assert.NotNull(NameRules.Fault("It", "\uDE00a", mayBeEmpty: false));
        Assert.Null(NameRules.Fault("It", "\U0001F600 節点", mayBeEmpty: false));
        Assert.Null(NameRules.Fault("It", "what was no text\uFFFD", mayBeEmpty: false)); // the name of a process may be any bytes
    }

    [Fact]
    public void A_batch_may_say_less_than_the_one_before_about_what_is_held()
    {
        var batch = Batch(Traffic.Report(Link, sent: 1));
        (batch.Id, batch.Watermark) = (9, 1); // a journal put back has everything sent again, in several batches
        Assert.Single(IngressRules.Check(batch, lastBatchId: 8, Shards).Reports);
    }

    [Fact]
    public void The_largest_total_is_taken()
    {
        Assert.Single(Taken(Batch(Traffic.Report(Link, IngressRules.MaxTotal - 1))));
    }

    private static Batch Batch(params IReadOnlyList<Report> reports)
    {
        var shard = reports is [var first, ..] ? LinkSharding.ShardOf(first.Link, Shards) : 0;
        var batch = new Batch { Id = 1, Watermark = 1, Shard = (uint)shard };
        batch.Reports.Add(reports.Select(report => report.ToWire()));
        return batch;
    }

    private static void Accept(Action<Hello> change)
    {
        var hello = AgentClient.Hello(Traffic.Source()).Hello;
        change(hello);
        IngressRules.Check(hello);
    }

    private static string RefusalOf(Action<Hello> fault) => Assert.Throws<ProtocolException>(() => Accept(fault)).Message;

    private static IReadOnlyList<Report> Taken(Batch batch)
    {
        var contents = IngressRules.Check(batch, lastBatchId: 0, Shards);
        Assert.Empty(contents.Faults);
        return contents.Reports;
    }

    /// <summary>The one report is left out, another one in its batch is taken.</summary>
    private static string Ignored(string reason, Action<LinkReport> fault)
    {
        var batch = Batch(Traffic.Report(Link, sent: 1), Traffic.Report(Link, sent: 2));
        fault(batch.Reports[0]);
        var contents = IngressRules.Check(batch, lastBatchId: 0, Shards);
        Assert.Equal(2UL, Assert.Single(contents.Reports).Totals.SentBytes);
        var ignored = Assert.Single(contents.Faults);
        Assert.Equal(reason, ignored.Reason);
        return ignored.Message;
    }

    private static string Refusal(Action<LinkReport> fault)
    {
        var batch = Batch(Traffic.Report(Link, sent: 1));
        fault(batch.Reports[0]);
        return Refusal(batch);
    }

    private static string Refusal(Batch batch, ulong last = 0) =>
        Assert.Throws<ProtocolException>(() => IngressRules.Check(batch, last, Shards)).Message;
}
