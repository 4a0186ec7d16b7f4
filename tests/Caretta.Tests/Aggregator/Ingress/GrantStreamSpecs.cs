using Akka.Actor;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Messages;
using Caretta.Messages.Wire;
using static Caretta.Tests.Aggregator.Directory.DirectoryUnderTest;
using ExternalPair = Caretta.Messages.ExternalPair;
using Workload = Caretta.Messages.Workload;

namespace Caretta.Tests.Aggregator.Ingress;

/// <summary>What an agent asks about externals, on its way to whoever gives the grants.</summary>
public sealed class GrantStreamSpecs : DirectoryStreamTestKit
{
    private const int MaxWaiting = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Grants_are_told_with_the_pairs_they_are_of_and_without_an_id()
    {
        await NextAsync();
        AskGrants(7, Pair(1), Pair(2));
        Assert.Equal((7UL, 0), Size(await NextNamesAsync())); // the directory's own answer does not wait

        var asked = await Grants.ExpectMsgAsync<AskGrants>();
        Assert.Equal([GrantPair.Of(Pair(1).Local, Pair(1).External), GrantPair.Of(Pair(2).Local, Pair(2).External)], asked.Pairs);
        Stream.Tell(new GrantsGiven(asked.Id, [true, false]), Grants);
        var told = await NextNamesAsync();
        Assert.Equal((0UL, 2), Size(told));
        Assert.Equal([new GrantedPair(Pair(1), true), new GrantedPair(Pair(2), false)], told.Externals);
    }

    [Fact]
    public async Task Questions_without_externals_ask_for_no_grants()
    {
        await NextAsync();
        Ask(1, At("10.0.0.1"));
        AskGrants(2, Pair(2));
        Assert.Equal([GrantPair.Of(Pair(2).Local, Pair(2).External)], (await Grants.ExpectMsgAsync<AskGrants>()).Pairs);
    }

    [Fact]
    public async Task What_is_not_answered_is_asked_again_under_its_id_until_it_is()
    {
        await NextAsync();
        AskGrants(1, Pair(1));
        AskGrants(2, Pair(2));
        var (first, second) = (await Grants.ExpectMsgAsync<AskGrants>(), await Grants.ExpectMsgAsync<AskGrants>());
        await PassAsync(Patience);
        await ExpectAsync(first, second);
        await AnswerAsync(first);

        await PassAsync(Patience);
        await ExpectAsync(second);
        await AnswerAsync(second);
        await PassAsync(Patience);
        Assert.False(Grants.HasMessages);
    }

    [Fact]
    public async Task What_is_asked_after_all_was_answered_has_its_own_patience()
    {
        await NextAsync();
        AskGrants(1, Pair(1));
        await AnswerAsync(await Grants.ExpectMsgAsync<AskGrants>());
        await PassAsync(Patience / 2);

        AskGrants(2, Pair(2));
        var asked = await Grants.ExpectMsgAsync<AskGrants>();
        await PassAsync(Patience / 2);
        Assert.False(Grants.HasMessages);
        await PassAsync(Patience / 2);
        await ExpectAsync(asked);
    }

    [Fact]
    public async Task An_answer_that_comes_twice_is_told_once()
    {
        await NextAsync();
        AskGrants(1, Pair(1));
        Assert.Equal((1UL, 0), Size(await NextNamesAsync()));
        var given = new GrantsGiven((await Grants.ExpectMsgAsync<AskGrants>()).Id, [true]);
        Stream.Tell(given);
        Stream.Tell(given);
        Ask(2);

        Assert.Equal((0UL, 1), Size(await NextNamesAsync()));
        Assert.Equal((2UL, 0), Size(await NextNamesAsync()));
    }

    [Fact]
    public async Task Too_many_that_wait_end_the_stream_as_unavailable()
    {
        await NextAsync();
        for (var i = 1; i <= MaxWaiting; i++)
        {
            AskGrants((ulong)i, Pair(i));
            Assert.Equal(((ulong)i, 0), Size(await NextNamesAsync()));
        }

        var first = await Grants.ExpectMsgAsync<AskGrants>();
        await AnswerAsync(first);
        Assert.Equal((0UL, 1), Size(await NextNamesAsync()));
        AskGrants(MaxWaiting + 1, Pair(1)); // there is room again
        Assert.Equal((MaxWaiting + 1UL, 0), Size(await NextNamesAsync()));
        AskGrants(MaxWaiting + 2, Pair(1));
        Assert.Equal((MaxWaiting + 2UL, 0), Size(await NextNamesAsync()));
        var refused = (await NextAsync()).Refused;
        Assert.Equal(RefusalKind.RefusalUnavailable, refused.Kind);
        Assert.Contains("Too many questions about externals", refused.Reason, StringComparison.Ordinal);
        await ExpectEndAsync();
    }

    private static (ulong Id, int Externals) Size(NameAnswers answers) => (answers.Id, answers.Externals.Count);

    private static ExternalPair Pair(int number) =>
        new(new Workload("shop", "Deployment", $"client-{number}"), new Workload("external", "external", $"192.0.2.{number}"));

    private async Task ExpectAsync(params AskGrants[] asked)
    {
        var again = new List<AskGrants>();
        foreach (var _ in asked)
        {
            again.Add(await Grants.ExpectMsgAsync<AskGrants>());
        }

        Assert.Equal(
            asked.Select(one => (one.Id, one.Pairs[0])).OrderBy(one => one.Id), again.Select(one => (one.Id, one.Pairs[0])).OrderBy(one => one.Id));
        Assert.False(Grants.HasMessages);
    }

    private async Task AnswerAsync(AskGrants asked)
    {
        Stream.Tell(new GrantsGiven(asked.Id, [.. asked.Pairs.Select(_ => true)]), Grants);
        await SettleAsync();
    }
}
