using System.Net;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;
using Caretta.Tests.Node.Fakes;

namespace Caretta.Tests.Node.Names;

public class ClusterNamesSpecs
{
    private const ushort Port = 8080;
    private const ulong Cgroup = 42;
    private const uint HostNetns = 1;
    private const uint PodNetns = 7;

    private static readonly IPAddress PodIp = IPAddress.Parse("10.1.0.5");
    private static readonly IPAddress PeerIp = IPAddress.Parse("10.1.0.6");
    private static readonly Subject Pod = Subject.OfPod(FakeLocalEnds.PodOf(Cgroup));
    private static readonly Subject PodAddress = Subject.Of(new Address(PodIp));
    private static readonly Subject Peer = Subject.Of(new Address(PeerIp));
    private static readonly Workload Cart = new("shop", "Deployment", "cart");
    private static readonly Workload Db = new("shop", "StatefulSet", "db");
    private static readonly Workload Node = new("node", "node", "node-1");
    private static readonly Workload External = new("external", "external", "10.1.0.6");

    private readonly ManualTime _time = new();
    private readonly FakeFilter _filter = new();
    private readonly Dictionary<Subject, Timeline> _directory = [];
    private readonly HashSet<ExternalPair> _denied = [];
    private readonly List<NameQuestions> _asked = [];
    private readonly ClusterNames _names;
    private bool _silent;

    public ClusterNamesSpecs()
    {
        var book = new AddressBook(new BookSettings(Grace: TimeSpan.FromSeconds(15), Capacity: 100));
        _names = new ClusterNames("node-1", new FakeLocalEnds(), _filter, book, new ExternalGrants(capacity: 100), _time);
        _names.StateChanged(new DirectoryState(Enabled: true, Answers: true, Current: true));
        _directory[Pod] = _directory[PodAddress] = Always(Knowledge.Held, Cart);
        _directory[Peer] = Always(Knowledge.Held, Db);
    }

    [Fact]
    public void A_flow_waits_under_its_ends_until_the_directory_has_answered()
    {
        _silent = true;
        var flow = Client(PodNetns, Cgroup);
        Poll(flow);
        Assert.Equal(new FakeLocalEnds().EndsOf(flow), Name(flow).Waits);
        _silent = false;
        _names.StreamEnded(TimeSpan.Zero);
        _names.StateChanged(new DirectoryState(Enabled: true, Answers: true, Current: true));
        Poll(flow);
        Assert.Equal(new NetworkLink(Cart, Db, Port, Role.Client), Name(flow).Link);
    }

    [Fact]
    public void The_servers_side_is_named_the_other_way_round()
    {
        var flow = new FlowKey(PodIp, PeerIp, Port, Role.Server, PodNetns, Cgroup);
        Poll(flow);
        Assert.Equal(new NetworkLink(Db, Cart, Port, Role.Server), Name(flow).Link);
    }

    [Fact]
    public void The_cgroup_names_a_pod_in_the_hosts_network()
    {
        var flow = Client(HostNetns, Cgroup);
        _directory[PodAddress] = Always(Knowledge.Held, Node);
        Poll(flow);
        Assert.Equal(Cart, Name(flow).Link!.Client);
    }

    [Fact]
    public void A_process_of_the_host_is_the_nodes_without_asking_for_its_address()
    {
        var flow = Client(HostNetns, cgroup: 0);
        Poll(flow);
        Assert.Equal(Node, Name(flow).Link!.Client);
        Assert.DoesNotContain(_asked.SelectMany(asked => asked.Subjects), question => question.Subject == PodAddress);
    }

    [Fact]
    public void Without_a_cgroup_the_address_names_the_local_end()
    {
        var flow = Client(PodNetns, cgroup: 0);
        Poll(flow);
        Assert.Equal(Cart, Name(flow).Link!.Client);
    }

    [Fact]
    public void A_pod_the_directory_does_not_know_is_named_by_its_address()
    {
        _directory[Pod] = Always(Knowledge.Nobody);
        var flow = Client(PodNetns, Cgroup);
        PollFor(TimeSpan.FromSeconds(20), flow);
        Assert.Equal(Cart, Name(flow).Link!.Client);
    }

    [Fact]
    public void A_local_end_nobody_claims_is_this_nodes()
    {
        _directory[PodAddress] = Always(Knowledge.Nobody);
        var flow = Client(PodNetns, cgroup: 0);
        PollFor(TimeSpan.FromSeconds(20), flow);
        Assert.Equal(Node, Name(flow).Link!.Client);
    }

    [Fact]
    public void A_remote_end_nobody_claims_is_external_after_the_grace()
    {
        _directory[Peer] = Always(Knowledge.Nobody);
        var flow = Client(PodNetns, Cgroup);
        Poll(flow);
        Assert.NotNull(Name(flow).Waits);
        PollFor(TimeSpan.FromSeconds(20), flow);
        Assert.Equal(new NetworkLink(Cart, External, Port, Role.Client), Name(flow).Link);
    }

    [Fact]
    public void A_better_name_for_an_external_is_taken()
    {
        var named = new Workload("external", "external", "api.example.org");
        _directory[Peer] = Always(Knowledge.Nobody, named);
        var flow = Client(PodNetns, Cgroup);
        PollFor(TimeSpan.FromSeconds(20), flow);
        Assert.Equal(named, Name(flow).Link!.Server);
    }

    [Fact]
    public void An_external_too_many_is_other()
    {
        _denied.Add(new ExternalPair(Cart, External));
        _directory[Peer] = Always(Knowledge.Nobody);
        var flow = Client(PodNetns, Cgroup);
        PollFor(TimeSpan.FromSeconds(20), flow);
        Assert.Equal(new NetworkLink(Cart, StandIns.Other, Port, Role.Client), Name(flow).Link);
    }

    [Fact]
    public void What_no_directory_remembers_is_unresolved_and_not_external()
    {
        _directory[Peer] = Always(Knowledge.NotInHistory);
        var flow = Client(PodNetns, Cgroup);
        PollFor(TimeSpan.FromSeconds(20), flow);
        Assert.Equal(StandIns.Unresolved, Name(flow).Link!.Server);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("10.1.0.5", "10.1.0.5")]
    [InlineData("10.1.0.5", "127.9.9.9")]
    public void Loopback_is_left_out(string local, string remote)
    {
        var flow = new FlowKey(IPAddress.Parse(local), IPAddress.Parse(remote), Port, Role.Client, PodNetns, Cgroup);
        Poll(flow);
        Assert.Equal(LeftOutReason.Loopback, Name(flow).LeftOut);
        Assert.Empty(_asked);
    }

    [Fact]
    public void What_a_filter_cuts_is_left_out_and_claims_no_place_among_the_externals()
    {
        _filter.Reason = link => link.Server == External ? LeftOutReason.Namespace : null;
        _directory[Peer] = Always(Knowledge.Nobody);
        var flow = Client(PodNetns, Cgroup);
        PollFor(TimeSpan.FromSeconds(20), flow);
        Assert.Equal(LeftOutReason.Namespace, Name(flow).LeftOut);
        Assert.Empty(_asked.SelectMany(asked => asked.Externals));
    }

    [Fact]
    public void What_a_filter_cuts_without_names_is_not_asked_about()
    {
        _filter.Ports.Add(Port);
        var flow = Client(PodNetns, Cgroup);
        Poll(flow);
        Assert.Equal(LeftOutReason.Port, Name(flow).LeftOut);
        Assert.Empty(_asked);
    }

    [Fact]
    public void Overflowed_flows_have_a_name_of_their_own()
    {
        Assert.Equal(StandIns.Overflow, Name(default).Link!.Server);
        Assert.Empty(_asked);
    }

    [Fact]
    public void One_question_is_unanswered_at_a_time()
    {
        _silent = true;
        Poll(Client(PodNetns, Cgroup));
        Poll(new FlowKey(PodIp, IPAddress.Parse("10.1.0.99"), Port, Role.Client, PodNetns, Cgroup));
        Assert.Single(_asked);
    }

    [Fact]
    public void Without_room_the_last_holders_are_the_best_names()
    {
        var flow = Client(PodNetns, Cgroup);
        Poll(flow);
        _names.StreamEnded(TimeSpan.Zero);
        var ends = new FakeLocalEnds().EndsOf(flow);
        Assert.NotNull(_names.NameOf(ends, Nanoseconds()).Waits);
        Assert.Equal(new NetworkLink(Cart, Db, Port, Role.Client), _names.Settle(ends));
        Assert.Equal(StandIns.Unresolved, _names.Settle(ends with { Remote = Address.Parse("10.9.9.9") }).Server);
    }

    private static Timeline Always(Knowledge knowledge, Workload? workload = null) =>
        new([new TimelineEntry(TimeSpan.MinValue, knowledge, workload)]);

    private static FlowKey Client(uint netns, ulong cgroup) => new(PodIp, PeerIp, Port, Role.Client, netns, cgroup);

    private Naming Name(in FlowKey flow) => _names.NameOf(flow, (ulong)Nanoseconds());

    private long Nanoseconds() => _time.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    private void PollFor(TimeSpan time, FlowKey flow)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(5))
        {
            Poll(flow);
            _time.Pass(TimeSpan.FromSeconds(5));
        }

        Poll(flow);
    }

    /// <summary>One poll, and the directory's answers to what it left open.</summary>
    private void Poll(FlowKey flow)
    {
        _names.BeginPoll();
        Name(flow);
        while (_names.NextQuestions() is { } questions)
        {
            _asked.Add(questions);
            if (_silent)
            {
                return;
            }

            var answers = questions.Subjects.Select(question => new SubjectAnswer(question.Subject, _directory[question.Subject]));
            var granted = questions.Externals.Select(pair => new GrantedPair(pair, !_denied.Contains(pair)));
            _names.Learn(new NameAnswers(questions.Id, [.. answers], [.. granted]));
            Name(flow);
        }
    }
}
