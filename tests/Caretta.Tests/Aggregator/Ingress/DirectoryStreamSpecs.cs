using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;
using Caretta.Messages.Wire;
using static Caretta.Tests.Aggregator.Directory.DirectoryUnderTest;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;
using DirectoryState = Caretta.Messages.Wire.DirectoryState;
using Subject = Caretta.Messages.Subject;

namespace Caretta.Tests.Aggregator.Ingress;

/// <summary>What an agent asks on its stream, and what it is told without asking.</summary>
public sealed class DirectoryStreamSpecs : DirectoryStreamTestKit
{
    private const string One = "10.0.0.1";
    private const string Two = "10.0.0.2";

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task The_state_is_sent_at_once_and_whenever_it_changes()
    {
        Assert.Equal(new DirectoryState { Enabled = true }, (await NextAsync()).Directory);
        Under.ListAll();
        Assert.Equal(new DirectoryState { Enabled = true, Answers = true }, (await NextAsync()).Directory);
        Assert.Equal(new DirectoryState { Enabled = true, Answers = true, Current = true }, (await NextAsync()).Directory);
        Under.Directory.StateChanged(ObjectKind.Pod, WatchState.Interrupted);
        Assert.Equal(new DirectoryState { Enabled = true, Answers = true }, (await NextAsync()).Directory);
    }

    [Fact]
    public async Task Questions_are_answered_under_their_id()
    {
        await BegunAsync(Service("cart", One));
        Ask(7, At(One), At(Two));
        var answers = await NextNamesAsync();

        Assert.Equal(7UL, answers.Id);
        Assert.Equal([At(One), At(Two)], answers.Subjects.Select(answer => answer.Subject));
        Assert.Equal(["cart", Two], Names(answers));
    }

    [Fact]
    public async Task What_asks_nothing_is_answered_too()
    {
        await BegunAsync();
        Ask(7);
        Assert.Equal((7UL, 0, 0), Size(await NextNamesAsync()));
    }

    [Theory]
    [InlineData(100, new[] { 100 })]
    [InlineData(101, new[] { 100, 1 })]
    [InlineData(1000, new[] { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 })]
    public async Task A_long_answer_comes_in_parts_of_which_only_the_last_bears_the_id(int questions, int[] parts)
    {
        await BegunAsync();
        Subject[] subjects = [.. Enumerable.Range(0, questions).Select(_ => Subject.OfPod(Guid.NewGuid()))];
        Ask(7, subjects);
        var answered = new List<Subject>();
        for (var part = 0; part < parts.Length; part++)
        {
            var answers = await NextNamesAsync();
            Assert.Equal((part == parts.Length - 1 ? 7UL : 0, parts[part], 0), Size(answers));
            answered.AddRange(answers.Subjects.Select(answer => answer.Subject));
        }

        Assert.Equal(subjects, answered);
    }

    [Fact]
    public async Task Changes_of_one_moment_are_told_in_one_message_as_they_are_at_its_end()
    {
        await BegunAsync(Service("cart", One));
        await AskedAsync(At(One), At(Two));
        Under.Directory.Changed(Service("shop", Two));
        Under.Directory.Changed(Service("cart"));
        Under.Directory.Changed(Service("stock", Two));
        Under.Directory.Changed(Service("shop"));
        Under.Directory.Changed(Service("till", One));
        await SettleAsync();
        Assert.False(IsUnread);

        await PassAsync(Gathering);
        var told = await NextNamesAsync();
        Assert.Equal(0UL, told.Id);
        Assert.Equal([(At(One), "till"), (At(Two), "stock")], Named(told).OrderBy(one => one.Name == "stock"));
        Assert.False(IsUnread);
    }

    [Fact]
    public async Task A_change_after_the_message_comes_with_the_next()
    {
        await BegunAsync();
        await AskedAsync(At(One));
        foreach (var name in new[] { "cart", "shop", "stock" })
        {
            Under.Directory.Changed(Service("one", One) with { Name = name });
            await PassAsync(Gathering);
            Assert.Equal([(At(One), name)], Named(await NextNamesAsync()));
        }
    }

    [Fact]
    public async Task Many_changes_are_told_in_parts_one_after_the_other()
    {
        await BegunAsync();
        string[] addresses = [.. Enumerable.Range(0, 150).Select(number => $"10.0.1.{number}")];
        Ask(1, addresses.Select(At));
        await NextNamesAsync();
        await NextNamesAsync();
        Under.Directory.Changed(Service("cart", addresses));

        await PassAsync(Gathering);
        var first = await NextNamesAsync();
        Assert.False(IsUnread);
        await PassAsync(Gathering);
        var second = await NextNamesAsync();
        Assert.Equal(((0UL, 100, 0), (0UL, 50, 0)), (Size(first), Size(second)));
        Assert.Equal(addresses.Select(At).ToHashSet(), [.. first.Subjects.Concat(second.Subjects).Select(answer => answer.Subject)]);
    }

    [Fact]
    public async Task What_was_forgotten_meanwhile_is_not_told()
    {
        await BegunAsync();
        await AskedAsync(At(One), At(Two));
        Under.Directory.Changed(Service("cart", One, Two));
        Forget(2, At(One));
        Assert.Equal((2UL, 0, 0), Size(await NextNamesAsync()));
        await PassAsync(Gathering);
        Assert.Equal([(At(Two), "cart")], Named(await NextNamesAsync()));

        Under.Directory.Changed(Service("shop", Two));
        Forget(3, At(Two));
        await NextNamesAsync();
        await PassAsync(Gathering);
        Assert.False(IsUnread);
    }

    [Fact]
    public async Task What_is_forgotten_and_asked_in_one_message_is_told()
    {
        await BegunAsync();
        await AskedAsync(At(One));
        Send(2, [At(One)], [], [At(One)]);
        await NextNamesAsync();
        Under.Directory.Changed(Service("cart", One));
        await PassAsync(Gathering);
        Assert.Equal([(At(One), "cart")], Named(await NextNamesAsync()));
    }

    [Fact]
    public async Task An_agent_that_does_not_read_hears_of_changes_later_and_keeps_its_stream()
    {
        await BegunAsync();
        await AskedAsync(At(One), At(Two));
        var unread = Fill();
        Under.Directory.Changed(Service("cart", One));
        await PassAsync(Gathering);
        Under.Directory.Changed(Service("shop", Two));
        await PassAsync(Gathering);
        for (; unread > 0; unread--)
        {
            Assert.Equal(FromAggregator.MessageOneofCase.None, (await NextAsync()).MessageCase);
        }

        Assert.False(IsUnread);
        await PassAsync(Gathering);
        Assert.Equal([(At(One), "cart"), (At(Two), "shop")], Named(await NextNamesAsync()).OrderBy(one => one.Name));
        Ask(2, At(One));
        Assert.Equal(["cart"], Names(await NextNamesAsync()));
    }

    [Fact]
    public async Task Changes_that_are_not_read_leave_room_for_what_the_agent_causes()
    {
        await BegunAsync();
        await AskedAsync(At(One));
        for (var number = 1; number <= 100; number++)
        {
            Under.Directory.Changed(Endpoints("slice", $"cart-{number}", One));
            await PassAsync(Gathering);
        }

        var waited = 0;
        for (; IsUnread; waited++)
        {
            await NextAsync();
        }

        Assert.Equal(16, waited);
        await PassAsync(Gathering);
        Assert.Equal(["cart-100"], Names(await NextNamesAsync()));
    }

    [Fact]
    public async Task An_agent_that_does_not_read_what_it_asked_for_loses_its_stream()
    {
        await BegunAsync();
        await AskedAsync(At(One));
        Fill();
        Watch(Stream);
        Ask(2, At(One));
        await ExpectTerminatedAsync(Stream);
        Assert.Equal(0, Under.Directory.Figures.Subjects);
    }

    [Fact]
    public async Task An_agent_that_asks_about_too_much_is_refused_and_forgotten()
    {
        await BegunAsync();
        Ask(1, Enumerable.Range(0, NameQuestions.MaxSubjectsPerStream + 1).Select(_ => Subject.OfPod(Guid.NewGuid())));
        var refused = (await NextAsync()).Refused;
        Assert.Equal(RefusalKind.RefusalInvalid, refused.Kind);
        Assert.Contains("200000 addresses and pods", refused.Reason, StringComparison.Ordinal);
        await ExpectEndAsync();
        Assert.Equal(0, Under.Directory.Figures.Subjects);
    }

    private static (ulong Id, int Subjects, int Externals) Size(NameAnswers answers) => (answers.Id, answers.Subjects.Count, answers.Externals.Count);

    private static IEnumerable<string> Names(NameAnswers answers) => Named(answers).Select(one => one.Name);

    private static IEnumerable<(Subject Subject, string Name)> Named(NameAnswers answers) =>
        answers.Subjects.Select(answer => (answer.Subject, answer.Timeline.Last.Workload!.Name));

    /// <summary>All is listed, and the agent has heard so.</summary>
    private async Task BegunAsync(params ClusterObject[] objects)
    {
        Assert.False((await NextAsync()).Directory.Answers);
        Under.ListAll(objects);
        Assert.False((await NextAsync()).Directory.Current);
        Assert.True((await NextAsync()).Directory.Current);
    }

    private async Task AskedAsync(params Subject[] subjects)
    {
        Ask(1, subjects);
        Assert.Equal((1UL, subjects.Length, 0), Size(await NextNamesAsync()));
    }
}
