using Caretta.Messages;
using Caretta.Node.Forward;

namespace Caretta.Tests.Node.Forward;

public sealed class BatchFramesSpecs
{
    private static readonly NetworkLink Link = new(new Workload("shop", "Pod", "a"), new Workload("shop", "Pod", "b"), 80, Role.Client);

    [Fact]
    public void A_message_takes_no_more_reports_than_one_batch_may_have_and_the_batches_keep_their_order() =>
        Assert.Equal(["1 2", "3 4", "5"], Sent(most: 5, 2, 3, 4, 1, 4));

    [Fact]
    public void A_batch_that_is_larger_goes_alone() => Assert.Equal(["1", "2", "3"], Sent(most: 5, 1, 9, 1));

    [Fact]
    public void An_older_aggregator_gets_each_batch_by_itself()
    {
        Assert.Equal(["1", "2"], Sent(most: 0, 1, 1));
        Assert.All(BatchFrames.Of(Batches(1, 1), 0), message => Assert.NotNull(message.Batch));
    }

    [Fact]
    public void Nothing_makes_no_message() => Assert.Empty(Sent(most: 5));

    private static IEnumerable<string> Sent(int most, params int[] reports) => BatchFrames.Of(Batches(reports), most)
        .Select(message => string.Join(' ', (message.Batches?.Batches_ ?? [message.Batch]).Select(batch => batch.Id)));

    private static List<OutboxBatch> Batches(params int[] reports) => [.. reports.Select((count, i) =>
        new OutboxBatch((ulong)i + 1, i, Watermark: 1, Opening: 0, [.. Enumerable.Repeat(new Report(Link, 1, default, default), count)]))];
}
