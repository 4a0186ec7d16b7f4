using Caretta.Messages;
using Google.Protobuf;
using Wire = Caretta.Messages.Wire;

namespace Caretta.Tests.Messages;

public class NameWireFormatSpecs
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(5);
    private static readonly Workload Shop = new("shop", "Deployment", "cart", "owner");
    private static readonly Subject[] Subjects = [Subject.Of(Address.Parse("10.0.0.7")), Subject.Of(Address.Parse("2001:db8::1")), Subject.OfPod(Guid.NewGuid())];

    [Fact]
    public void Questions_survive_the_wire()
    {
        var questions = new NameQuestions(
            9,
            [.. Subjects.Select((subject, i) => new SubjectQuestion(subject, Now - TimeSpan.FromSeconds(i)))],
            [new ExternalPair(Shop, new Workload("external", "external", "192.0.2.1"))],
            Subjects);
        var read = Wire.Questions.Parser.ParseFrom(questions.ToWire(Now).ToByteArray()).ToDomain(Now);
        Assert.Equal(9UL, read.Id);
        Assert.Equal(questions.Subjects, read.Subjects);
        Assert.Equal(questions.Externals, read.Externals);
        Assert.Equal(questions.Forgotten, read.Forgotten);
    }

    [Fact]
    public void Answers_survive_the_wire()
    {
        var timeline = new Timeline(
        [
            new TimelineEntry(Now - TimeSpan.FromMinutes(3), Knowledge.NotInHistory),
            new TimelineEntry(Now - TimeSpan.FromMinutes(2), Knowledge.Held, Shop),
            new TimelineEntry(Now - TimeSpan.FromMinutes(1), Knowledge.NotYet),
            new TimelineEntry(Now, Knowledge.Nobody, new Workload("external", "external", "api.example.org")),
        ]);
        var answers = new NameAnswers(
            3, [.. Subjects.Select(subject => new SubjectAnswer(subject, timeline))], [new GrantedPair(new ExternalPair(Shop, Shop), true)]);
        var read = Wire.Names.Parser.ParseFrom(answers.ToWire(Now).ToByteArray()).ToDomain(Now);
        Assert.Equal(3UL, read.Id);
        Assert.Equal(answers.Subjects, read.Subjects);
        Assert.Equal(answers.Externals, read.Externals);
        Assert.Equal("owner", read.Subjects[0].Timeline.At(Now - TimeSpan.FromMinutes(2)).Workload!.Owner);
    }

    [Fact]
    public void A_time_without_beginning_is_older_than_anything()
    {
        var always = new Timeline([new TimelineEntry(TimeSpan.MinValue, Knowledge.Held, Shop)]);
        var read = new NameAnswers(0, [new SubjectAnswer(Subjects[0], always)], []).ToWire(Now).ToDomain(Now);
        Assert.Equal(Knowledge.Held, read.Subjects[0].Timeline.At(Now - TimeSpan.FromDays(3000)).Knowledge);
        Assert.Equal(TimeSpan.FromDays(3650), Now - new Wire.Questions
        {
            Questions_ = { new Wire.Question { Subject = Pod(), AgeMs = ulong.MaxValue } },
        }.ToDomain(Now).Subjects[0].From);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(17)]
    public void An_address_has_sixteen_bytes(int bytes)
    {
        var wire = new Wire.Questions { Forgotten = { new Wire.Subject { Address = ByteString.CopyFrom(new byte[bytes]) } } };
        Assert.Contains("bytes", Assert.Throws<InvalidDataException>(() => wire.ToDomain(Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_messages_are_refused()
    {
        Refused(new Wire.Questions { Questions_ = { new Wire.Question() } });
        Refused(new Wire.Questions { Forgotten = { new Wire.Subject { PodUid = ByteString.CopyFrom(new byte[16]) } } });
        Refused(new Wire.Questions { Externals = { new Wire.ExternalPair { Local = Shop.ToWire() } } });
        Refused(new Wire.Names { Answers = { new Wire.Answer { Subject = Pod() } } });
        Refused(Segments(new Wire.Segment { Knowledge = 5 }));
        Refused(Segments(new Wire.Segment { Knowledge = 1 }));
        Refused(Segments(new Wire.Segment { Knowledge = 2, FromAgeMs = 1 }, new Wire.Segment { Knowledge = 2, FromAgeMs = 2 }));
    }

    private static void Refused(Wire.Questions wire) => Assert.Throws<InvalidDataException>(() => wire.ToDomain(Now));

    private static void Refused(Wire.Names wire) => Assert.Throws<InvalidDataException>(() => wire.ToDomain(Now));

    private static Wire.Names Segments(params Wire.Segment[] segments)
    {
        var answer = new Wire.Answer { Subject = Pod() };
        answer.Segments.AddRange(segments);
        return new Wire.Names { Answers = { answer } };
    }

    private static Wire.Subject Pod() => new() { PodUid = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()) };
}
