using Akka.TestKit.Xunit;
using Caretta.Aggregator.Ingress;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Ingress;

public sealed class UnloadDialogueSpecs() : TestKit("akka.test.single-expect-default = 60s")
{
    private static readonly AgentHello Hello = new(Traffic.Source("node-a"), TimeSpan.FromSeconds(5), MayReopen: true) { MayUnload = true };

    [Fact]
    public async Task An_agent_is_asked_once_and_its_answer_is_for_all_who_wait()
    {
        var dialogue = new UnloadDialogue(Hello);
        Assert.True(dialogue.Ask(TestActor));
        Assert.False(dialogue.Ask(TestActor));
        dialogue.Answer(new AgentUnloaded("busy"));
        Assert.Equal(new UnloadOutcome("node-a", "busy"), await ExpectMsgAsync<UnloadOutcome>());
        Assert.Equal(new UnloadOutcome("node-a", "busy"), await ExpectMsgAsync<UnloadOutcome>());

        Assert.True(dialogue.Ask(TestActor));
        dialogue.Answer(new AgentUnloaded(null));
        Assert.Null((await ExpectMsgAsync<UnloadOutcome>()).Problem);
    }

    [Fact]
    public void However_many_ask_an_agent_that_does_not_answer_the_latest_are_kept()
    {
        var dialogue = new UnloadDialogue(Hello);
        for (var i = 0; i < 100; i++)
        {
            dialogue.Ask(TestActor);
        }

        dialogue.Answer(new AgentUnloaded(null));
        Assert.Equal(16, ReceiveN(16).Count);
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task An_older_agent_is_not_asked_but_named()
    {
        Assert.False(new UnloadDialogue(Hello with { MayUnload = false }).Ask(TestActor));
        Assert.Contains("cannot be asked", (await ExpectMsgAsync<UnloadOutcome>()).Problem, StringComparison.Ordinal);
    }
}
