using Caretta.Aggregator.Journal;

namespace Caretta.Tests.Aggregator.Journal;

public class RecoveryPausesSpecs
{
    private readonly ManualTime _time = new();
    private readonly RecoveryPauses _pauses;

    public RecoveryPausesSpecs() => _pauses = new RecoveryPauses(_time);

    [Fact]
    public void A_shard_that_could_not_be_read_is_left_alone_for_a_while_and_others_are_not()
    {
        Assert.Null(_pauses.Left(3));
        _pauses.Failed(3);
        Assert.InRange(_pauses.Left(3)!.Value, RecoveryPauses.Shortest, RecoveryPauses.Longest);
        Assert.Null(_pauses.Left(4));

        _time.Pass(RecoveryPauses.Longest);
        Assert.Null(_pauses.Left(3));
    }

    [Fact]
    public void Shards_that_fail_at_once_are_not_read_at_once()
    {
        var pauses = Enumerable.Range(0, 64).Select(shard =>
        {
            _pauses.Failed(shard);
            return _pauses.Left(shard);
        });
        Assert.InRange(pauses.Distinct().Count(), 60, 64);
    }

    [Fact]
    public void Only_the_first_failure_is_new_until_the_shard_was_read_again()
    {
        Assert.True(_pauses.Failed(3));
        _time.Pass(RecoveryPauses.Longest);
        Assert.False(_pauses.Failed(3));

        _pauses.Forget(3);
        Assert.Null(_pauses.Left(3));
        Assert.True(_pauses.Failed(3));
    }
}
