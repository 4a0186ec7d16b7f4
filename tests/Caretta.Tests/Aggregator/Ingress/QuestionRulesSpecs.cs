using Caretta.Aggregator.Ingress;
using Caretta.Messages;
using Caretta.Messages.Wire;
using ExternalPair = Caretta.Messages.ExternalPair;
using Subject = Caretta.Messages.Subject;
using Wire = Caretta.Messages.Wire;
using Workload = Caretta.Messages.Workload;

namespace Caretta.Tests.Aggregator.Ingress;

public class QuestionRulesSpecs
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(5);
    private static readonly Subject Cart = Subject.Of(Caretta.Messages.Address.Parse("10.0.0.7"));
    private static readonly Subject Pod = Subject.OfPod(Guid.Parse("11111111-2222-3333-4444-555555555555"));

    private static readonly ExternalPair Pair =
        new(new Workload("shop", "Deployment", "cart"), new Workload("external", "external", "192.0.2.1"));

    [Fact]
    public void Questions_that_keep_the_rules_come_out_as_they_were_sent()
    {
        var sent = new NameQuestions(1, [new SubjectQuestion(Cart, Now - TimeSpan.FromSeconds(7))], [Pair], [Pod]);
        var taken = Check(sent.ToWire(Now), last: 0);

        Assert.Equal(1UL, taken.Id);
        Assert.Equal(sent.Subjects, taken.Subjects);
        Assert.Equal(sent.Externals, taken.Externals);
        Assert.Equal(sent.Forgotten, taken.Forgotten);
    }

    [Fact]
    public void Ids_count_up_by_one_and_a_refused_one_does_not_count()
    {
        var last = 0UL;
        IngressRules.Check(Questions(id: 1), ref last, Now);
        IngressRules.Check(Questions(id: 2), ref last, Now);
        Assert.Equal(2UL, last);

        Assert.Throws<ProtocolException>(() => IngressRules.Check(Questions(id: 4), ref last, Now));
        Assert.Equal(2UL, last);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(5, 5)]
    [InlineData(4, 5)]
    [InlineData(7, 5)]
    public void Another_id_than_the_next_is_refused(ulong id, ulong last) =>
        Assert.Equal($"Questions {id} follow questions {last}; ids count up by one.", Refusal(Questions(id), last));

    [Fact]
    public void A_thousand_of_each_are_taken()
    {
        var taken = Check(Questions(1, subjects: 1000, externals: 1000, forgotten: 1000), last: 0);
        Assert.Equal((1000, 1000, 1000), (taken.Subjects.Count, taken.Externals.Count, taken.Forgotten.Count));
    }

    [Theory]
    [InlineData(1001, 0, 0)]
    [InlineData(0, 1001, 0)]
    [InlineData(0, 0, 1001)]
    public void More_than_a_thousand_of_any_are_refused(int subjects, int externals, int forgotten) =>
        Assert.Equal("1001 questions came at once; 1000 are the most.", Refusal(Questions(1, subjects, externals, forgotten)));

    [Fact]
    public void A_pair_of_workloads_that_no_link_could_have_is_refused()
    {
        var tooLong = new string('x', 254);
        Assert.Equal("A workload's kind is empty.", Refusal(pair => pair.Local.Kind = ""));
        Assert.Equal("A workload's name is empty.", Refusal(pair => pair.External.Name = ""));
        Assert.Contains("namespace has 254 characters", Refusal(pair => pair.Local.Namespace = tooLong), StringComparison.Ordinal);
        Assert.Contains("name has 254 characters", Refusal(pair => pair.External.Name = tooLong), StringComparison.Ordinal);
        Assert.Contains("owner contains a control character", Refusal(pair => pair.External.Owner = "\n"), StringComparison.Ordinal);
        Assert.Contains("name contains a control character", Refusal(pair => pair.Local.Name = "a\0"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_without_one_of_its_ends_is_refused()
    {
        Assert.Contains("a pair lacks an end", Refusal(pair => pair.Local = null), StringComparison.Ordinal);
        Assert.Contains("a pair lacks an end", Refusal(pair => pair.External = null), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_about_an_address_or_a_pod_is_refused()
    {
        var (asked, forgotten) = (Questions(1), Questions(1));
        asked.Questions_.Add(new Question { AgeMs = 1 });
        forgotten.Forgotten.Add(new Wire.Subject { Address = Google.Protobuf.ByteString.CopyFrom(10, 0, 0, 7) });

        Assert.Contains("a subject is missing", Refusal(asked), StringComparison.Ordinal);
        Assert.Contains("an address has 4 bytes", Refusal(forgotten), StringComparison.Ordinal);
    }

    private static Questions Questions(ulong id, int subjects = 0, int externals = 0, int forgotten = 0) => new NameQuestions(
        id,
        [.. Enumerable.Repeat(new SubjectQuestion(Cart, Now), subjects)],
        [.. Enumerable.Repeat(Pair, externals)],
        [.. Enumerable.Repeat(Pod, forgotten)]).ToWire(Now);

    private static NameQuestions Check(Questions questions, ulong last) => IngressRules.Check(questions, ref last, Now);

    private static string Refusal(Action<Wire.ExternalPair> fault)
    {
        var questions = Questions(1, externals: 2);
        fault(questions.Externals[1]);
        return Refusal(questions);
    }

    private static string Refusal(Questions questions, ulong last = 0) =>
        Assert.Throws<ProtocolException>(() => Check(questions, last)).Message;
}
