using Akka.Actor;
using Caretta.Aggregator.Ingress;

namespace Caretta.Tests.Aggregator.Ingress;

// Batches of one message, and answers that travel together.
public sealed partial class ShardStreamSpecs
{
    [Fact]
    public async Task An_agent_that_takes_many_answers_gets_them_together_once_none_is_owed()
    {
        await BeginTogetherAsync();
        PassTogether((0, 1), (1, 2));
        Assert.Equal(1UL, (await TakenAsync()).Id);
        Assert.Equal(2UL, (await TakenAsync()).Id);
        Answer(shard: 1, sequence: 9, batch: 2);
        await SettleAsync();
        Assert.False(_agent.Reader.TryPeek(out _));
        Answer(shard: 0, sequence: 8, batch: 1);
        Assert.Equal([(1U, 9UL), (0U, 8UL)], (await NextAsync()).Answers.Held.Select(held => (held.Shard, held.Sequence)));
    }

    [Fact]
    public async Task An_answer_does_not_wait_for_long_for_others()
    {
        await BeginTogetherAsync();
        PassTogether((0, 1), (1, 2));
        Answer(shard: 1, sequence: 9, batch: 2);
        await PassAsync(TimeSpan.FromMilliseconds(20));
        Assert.Equal(2UL, Assert.Single((await NextAsync()).Answers.Held).BatchId);
    }

    [Fact]
    public async Task Of_the_batches_of_one_message_only_what_is_unanswered_has_its_shard_opened_again()
    {
        await BeginTogetherAsync();
        PassTogether((0, 1), (1, 2));
        await TakenAsync();
        await TakenAsync();
        Answer(shard: 1, sequence: 9, batch: 2);
        await PassAsync(Settings.AnswerWithin);
        Assert.Equal(0, await OpenedAsync());
        Assert.False(_region.HasMessages);
        Assert.Equal(1, _metrics.ShardsReopened.Value);
    }

    private async Task BeginTogetherAsync()
    {
        Start(takesMany: true);
        await ClaimAsync();
        Grant();
        await NextAsync();
        await NextAsync();
        await OpenedAsync();
        await OpenedAsync();
        Answer(shard: 0, sequence: 0, batch: 0);
        Answer(shard: 1, sequence: 0, batch: 0);
        Assert.Equal([0U, 1U], (await NextAsync()).Answers.Held.Select(held => held.Shard));
    }

    private void PassTogether(params (int Shard, ulong Id)[] batches)
    {
        foreach (var (shard, id) in batches)
        {
            _inFlight.TryBegin(shard, 0, id);
        }

        _stream.Tell(new AgentBatches([.. batches.Select(batch =>
            new AgentBatch(batch.Shard, batch.Id, Opening: 0, Watermark: batch.Id, new CheckedBatch([], [])))]));
    }
}
