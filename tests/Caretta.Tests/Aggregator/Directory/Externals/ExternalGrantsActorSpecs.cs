using Akka.Actor;
using Caretta.Aggregator.Directory.Externals;

namespace Caretta.Tests.Aggregator.Directory.Externals;

public sealed class ExternalGrantsActorSpecs : GrantsTestKit
{
    [Fact]
    public async Task An_answer_comes_only_after_the_journal_has_the_event()
    {
        var write = Gate.HoldNext();
        var id = Ask(Agent, local: 1, 11, 12);
        await write.Arrived;
        var other = CreateTestProbe();
        var later = Ask(other, local: 1, 11);
        Grants.Tell(new Identify(1), other);
        await other.ExpectMsgAsync<ActorIdentity>(); // so the question has been taken, and not been answered
        Assert.False(Agent.HasMessages);
        Assert.Equal(0, Events);

        await write.LetThroughAsync();
        var given = await Agent.ExpectMsgAsync<GrantsGiven>();
        Assert.Equal(id, given.Id);
        Assert.Equal([true, true], given.Granted);
        Assert.Equal(later, (await other.ExpectMsgAsync<GrantsGiven>()).Id);
        Assert.Equal((1, 2D), (Events, Metrics.Grants.Value));
    }

    [Fact]
    public async Task However_many_agents_ask_at_once_a_workload_gets_no_more_than_its_number()
    {
        var agents = Enumerable.Range(0, 20).Select(number => CreateTestProbe($"agent-{number}")).ToList();
        for (var number = 0; number < agents.Count; number++)
        {
            Ask(agents[number], local: 1, (ulong)(100 + number), (ulong)(100 + ((number + 1) % 20)));
        }

        var granted = new HashSet<ulong>();
        for (var number = 0; number < agents.Count; number++)
        {
            var given = await agents[number].ExpectMsgAsync<GrantsGiven>();
            granted.UnionWith(new[] { number, (number + 1) % 20 }.Where((_, index) => given.Granted[index]).Select(offset => (ulong)(100 + offset)));
        }

        Assert.Equal(3, granted.Count);
        Assert.True(Metrics.RefusedByWorkload.Value > 0);
        Assert.Equal(granted.Order(), (await GrantedAsync(local: 1, [.. Enumerable.Range(100, 20).Select(id => (ulong)id)])).Order());
    }

    [Fact]
    public async Task What_comes_during_a_write_goes_into_the_next_event_together()
    {
        var write = Gate.HoldNext();
        Ask(Agent, local: 1, 11);
        await write.Arrived;
        for (var local = 2UL; local <= 6; local++)
        {
            Ask(Agent, local, 11);
        }

        await write.LetThroughAsync();
        for (var answers = 0; answers < 6; answers++)
        {
            Assert.Equal([true], (await Agent.ExpectMsgAsync<GrantsGiven>()).Granted);
        }

        Assert.Equal((2, 2D), (Events, Metrics.Commits.Value));
    }

    [Fact]
    public async Task What_is_granted_already_costs_no_event()
    {
        await GrantedAsync(local: 1, 11, 12);
        PassUnnoticed(TimeSpan.FromHours(5));
        Assert.Equal([12, 11], await GrantedAsync(local: 1, 12, 11));
        Assert.Equal(1, Events);
    }

    [Fact]
    public async Task Grants_outlive_a_restart()
    {
        await GrantedAsync(local: 1, 11, 12);
        await GrantedAsync(local: 1, 13);
        await RestartAsync();
        Assert.Equal(3, Metrics.Grants.Value);
        Assert.Equal([12, 13, 11], await GrantedAsync(local: 1, 14, 12, 13, 11));
    }

    [Fact]
    public async Task What_the_journal_failed_is_not_answered_and_is_decided_anew_when_it_is_asked_again()
    {
        await GrantedAsync(local: 1, 11, 12);
        Watch(Grants);
        Gate.FailNext();
        Ask(Agent, local: 1, 13);
        await ExpectTerminatedAsync(Grants);
        Assert.Equal(1, Metrics.PersistFailures.Value);

        StartAgain();
        Assert.Equal([14], await GrantedAsync(local: 1, 14)); // the first answer since, so 13 had none and took no room
        Assert.Empty(await GrantedAsync(local: 1, 13));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_gives_the_same_grants_when_it_is_asked_again()
    {
        Watch(Grants);
        Gate.LoseNextAnswer();
        Ask(Agent, local: 1, 11, 12, 13);
        await ExpectTerminatedAsync(Grants);
        Assert.False(Agent.HasMessages);

        StartAgain();
        Assert.Equal([13, 12, 11], await GrantedAsync(local: 1, 14, 13, 12, 11));
        Assert.Equal(1, Events);
    }

    [Fact]
    public async Task Killed_between_the_journal_and_the_answer_it_gives_the_same_grants_when_it_is_asked_again()
    {
        var write = Gate.HoldNext();
        Ask(Agent, local: 1, 11, 12, 13);
        await write.Arrived;
        Watch(Grants);
        Sys.Stop(Grants);
        await ExpectTerminatedAsync(Grants);
        await write.LetThroughAsync(); // the journal has it, and nobody is there to hear so
        await EventuallyAsync(() => Events == 1);

        StartAgain();
        Assert.Equal([13, 12, 11], await GrantedAsync(local: 1, 14, 13, 12, 11));
    }

    [Fact]
    public async Task The_journal_that_failed_is_tried_again_by_itself()
    {
        var supervised = StartSupervised();
        await GrantedAsync(local: 1, 11);
        Gate.FailNext();
        Ask(Agent, local: 1, 12);
        await EventuallyAsync(() => Metrics.PersistFailures.Value.Equals(1));
        var again = CreateTestProbe();
        await EventuallyAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(2));
            Ask(again, local: 1, 12, 11);
            return again.HasMessages;
        });
        Assert.Equal([true, true], (await again.ExpectMsgAsync<GrantsGiven>()).Granted);
        Assert.Equal(supervised, Grants);
    }

    [Fact]
    public async Task A_move_to_another_member_waits_for_the_write_in_flight()
    {
        var supervised = Watch(StartSupervised());
        var write = Gate.HoldNext();
        Ask(Agent, local: 1, 11);
        await write.Arrived;
        supervised.Tell(new StopGrants());
        await write.LetThroughAsync();
        Assert.Equal([true], (await Agent.ExpectMsgAsync<GrantsGiven>()).Granted);
        await ExpectTerminatedAsync(supervised);
        Assert.Equal(0, Metrics.Grants.Value);
    }

    [Fact]
    public async Task Questions_beyond_the_bound_are_left_unanswered_and_counted()
    {
        var many = new ulong[300_000];
        var write = Gate.HoldNext();
        Ask(Agent, local: 1, 11);
        await write.Arrived;
        Ask(Agent, local: 1, many);
        Ask(CreateTestProbe(), local: 1, many);
        var last = Ask(Agent, local: 1, 11);
        await EventuallyAsync(() => Metrics.Questions.Value.Equals(4));
        await write.LetThroughAsync();
        await Agent.ExpectMsgAsync<GrantsGiven>();
        await Agent.ExpectMsgAsync<GrantsGiven>();
        Assert.Equal(last, (await Agent.ExpectMsgAsync<GrantsGiven>()).Id);
        Assert.Equal((1D, 0D), (Metrics.QuestionsDropped.Value, Metrics.PairsWaiting.Value));
    }
}
