using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Shards;

public class ShardMessagesSpecs
{
    private readonly ShardMessages _messages = new(LinkSharding.DefaultShardCount);

    [Theory]
    [InlineData("node-a")]
    [InlineData("ledger-7")]
    [InlineData("17")]
    [InlineData("knoten ä/%2F")]
    public void A_nodes_name_is_an_entity_of_its_own_whatever_it_is_called(string name)
    {
        var entity = _messages.EntityId(new NodeEnvelope(name, new ClaimNode(Traffic.Source(name), TimeSpan.Zero)));
        Assert.Equal(name, ShardMessages.TryNode(entity));
        Assert.Null(ShardMessages.TryLedger(entity));
        Assert.InRange(int.Parse(_messages.ShardId(entity), System.Globalization.CultureInfo.InvariantCulture), 0, LinkSharding.DefaultShardCount - 1);
    }

    [Fact]
    public void Names_spread_over_the_shards()
    {
        var shards = Enumerable.Range(0, 6400).CountBy(number => _messages.ShardId($"node-host-{number}"));
        Assert.Equal(LinkSharding.DefaultShardCount, shards.Count());
        Assert.All(shards, shard => Assert.InRange(shard.Value, 60, 140));
    }

    [Fact]
    public void A_ledger_and_a_link_are_no_nodes()
    {
        Assert.Null(ShardMessages.TryNode(_messages.EntityId(new LedgerEnvelope(7, new WakeLedger()))));
        Assert.Null(ShardMessages.TryNode("12345"));
    }
}
