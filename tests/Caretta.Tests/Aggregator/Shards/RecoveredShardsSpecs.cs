using Caretta.Aggregator;
using Caretta.Aggregator.Shards;
using Prometheus;

namespace Caretta.Tests.Aggregator.Shards;

public class RecoveredShardsSpecs
{
    private readonly ManualTime _time = new();
    private readonly RecoveredShards _shards;

    public RecoveredShardsSpecs() =>
        _shards = new RecoveredShards(64, new AggregatorMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), time: _time);

    [Fact]
    public void A_shard_whose_ledger_is_not_back_yet_is_waited_for()
    {
        _shards.Begin(1);
        _shards.Add(1);
        _shards.Begin(2);

        Assert.False(_shards.All);
        Assert.Equal((2, 1), (_shards.Here, _shards.Count));
    }

    [Fact]
    public void A_shard_that_moved_while_its_ledger_was_down_is_not_waited_for_for_ever()
    {
        _shards.Begin(1);
        _shards.End(1); // could not be read from the journal

        Assert.False(_shards.All);
        _time.Pass(RecoveredShards.GoneAfter + TimeSpan.FromSeconds(1));
        Assert.True(_shards.All);
        Assert.Equal(0, _shards.Here);
    }

    [Fact]
    public void A_ledger_that_failed_and_is_woken_again_is_still_waited_for()
    {
        _shards.Begin(1);
        _shards.End(1);
        _shards.Begin(1);
        _time.Pass(RecoveredShards.GoneAfter + TimeSpan.FromSeconds(1));

        Assert.False(_shards.All);
    }

    [Fact]
    public void A_shard_whose_ledger_failed_later_keeps_its_totals_exported_and_the_member_ready()
    {
        _shards.Begin(1);
        _shards.Add(1);
        _shards.End(1);

        Assert.True(_shards.All);
        Assert.Equal((1, 1), (_shards.Here, _shards.Count));
    }
}
