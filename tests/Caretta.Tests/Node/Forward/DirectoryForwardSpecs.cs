using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Node.Forward;
using Prometheus;
using DirectoryState = Caretta.Messages.DirectoryState;
using Source = Caretta.Messages.Source;
using Subject = Caretta.Messages.Subject;
using Workload = Caretta.Messages.Workload;

namespace Caretta.Tests.Node.Forward;

/// <summary>The directory's questions and answers on the stream of the reports.</summary>
public sealed class DirectoryForwardSpecs : TestKit
{
    private static readonly DirectoryState Current = new(Enabled: true, Answers: true, Current: true);
    private static readonly Subject Cart = Subject.Of(Caretta.Messages.Address.Parse("10.0.0.7"));
    private static readonly Workload Shop = new("shop", "Deployment", "cart");

    private readonly ManualTime _time = new();
    private readonly TestProbe _aggregator;
    private readonly FakeUplinks _uplinks;
    private readonly IActorRef _forwarder;

    public DirectoryForwardSpecs()
        : base("akka.test.single-expect-default = 60s")
    {
        _aggregator = CreateTestProbe("aggregator");
        _uplinks = new FakeUplinks(_aggregator);
        var options = new ForwarderOptions([FakeUplinks.Member.Endpoint], TimeSpan.FromSeconds(5), "test");
        var metrics = new ForwarderMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        _forwarder = Sys.ActorOf(ForwarderActor.Props(options, metrics, _uplinks.Find, _uplinks.Open, _time, new Random(1)));
    }

    private TimeSpan Clock => _time.GetElapsedTime(0);

    [Fact]
    public async Task What_is_said_of_the_directory_reaches_the_probe()
    {
        await Welcomed();
        _uplinks.Tell(Current);
        Assert.Equal(new DirectoryTold(1, Current), await ExpectMsgAsync<DirectoryTold>());
    }

    [Fact]
    public async Task A_question_carries_the_traffics_age_and_an_answer_comes_back_on_this_hosts_clock()
    {
        await Welcomed();
        _forwarder.Tell(new AskDirectory(1, new NameQuestions(1, [new SubjectQuestion(Cart, Clock - TimeSpan.FromSeconds(7))], [], [])));
        var question = Assert.Single((await _aggregator.ExpectMsgAsync<FromNode>()).Questions.Questions_);
        Assert.Equal(7000UL, question.AgeMs);

        var theirs = TimeSpan.FromDays(3); // another machine's clock
        var timeline = new Timeline([new TimelineEntry(theirs - TimeSpan.FromSeconds(7), Knowledge.Held, Shop)]);
        _uplinks.Tell(new NameAnswers(1, [new SubjectAnswer(Cart, timeline)], []), theirs);
        var answer = Assert.Single((await ExpectMsgAsync<NamesTold>()).Answers.Subjects);
        Assert.Equal(new TimelineEntry(Clock - TimeSpan.FromSeconds(7), Knowledge.Held, Shop), answer.Timeline.Last);
    }

    [Fact]
    public async Task The_end_of_a_stream_is_told_with_the_time_it_was_last_heard_of()
    {
        await Welcomed();
        _uplinks.Tell(Current);
        await ExpectMsgAsync<DirectoryTold>();
        var heard = Clock;
        _time.Pass(TimeSpan.FromSeconds(9));
        _uplinks.Break();
        Assert.Equal(heard, (await ExpectMsgAsync<DirectoryLost>()).HeardAt);
    }

    [Fact]
    public async Task A_question_for_a_stream_that_has_ended_is_not_sent_on_the_next()
    {
        await Welcomed();
        _uplinks.Break();
        await ExpectMsgAsync<DirectoryLost>();
        _forwarder.Tell(new AskDirectory(1, new NameQuestions(1, [], [], [Cart])));
        await _aggregator.ExpectMsgAsync<int>();
        Assert.NotNull((await _aggregator.ExpectMsgAsync<FromNode>()).Hello);
        _uplinks.Welcome();
        _uplinks.Tell(Current);
        await ExpectMsgAsync<DirectoryTold>();
        _forwarder.Tell(new AskDirectory(1, new NameQuestions(1, [], [], [Cart]))); // by who has not heard yet
        _forwarder.Tell(new AskDirectory(2, new NameQuestions(7, [], [], [Cart])));
        Assert.Equal(7UL, (await _aggregator.ExpectMsgAsync<FromNode>()).Questions.Id);
    }

    [Fact]
    public async Task A_broken_answer_ends_the_stream()
    {
        await Welcomed();
        _uplinks.Say(new FromAggregator { Names = new Caretta.Messages.Wire.Names { Answers = { new Answer { Subject = new Caretta.Messages.Wire.Subject() } } } });
        await ExpectMsgAsync<DirectoryLost>();
    }

    private async Task Welcomed()
    {
        _forwarder.Tell(new SourceStarted(new Source("node-1", Guid.NewGuid()), 0, []));
        await _aggregator.ExpectMsgAsync<int>();
        Assert.NotNull((await _aggregator.ExpectMsgAsync<FromNode>()).Hello);
        _uplinks.Welcome();
    }
}
