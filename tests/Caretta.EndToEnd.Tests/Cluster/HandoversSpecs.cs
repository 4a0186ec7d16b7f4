namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>What watches the members' exports sees what it is there for, and nothing else.</summary>
public sealed class HandoversSpecs
{
    private const int Shard = 7;
    private const long Second = 1_000_000_000;

    private static readonly Handovers Moved = new([Record("one", 10, 20), Record("two", 21, 40), Record("one again", 41, null)]);

    [Fact]
    public void A_scrape_that_began_after_the_next_owners_first_export_must_not_find_the_shard()
    {
        Assert.Single(Moved.FoundLate([Page("one", 22, 23)]));
        Assert.Single(Moved.FoundLate([Page("two", 42, 43)]));
    }

    [Fact]
    public void One_that_began_before_may_find_it_at_either()
    {
        Assert.Empty(Moved.FoundLate([Page("one", 19, 25), Page("two", 19, 25), Page("two", 40, 42), Page("one again", 40, 42)]));
        Assert.Empty(Moved.FoundLate([Page("nobody known", 50, 51)]));
    }

    [Fact]
    public void Moves_are_counted_apart_and_together_and_their_gaps_measured()
    {
        Assert.Equal(2, Moved.Moves.Count);
        Assert.Equal(2, Moved.Rebalances);
        Assert.Equal([(Shard, 20 * Second, 21 * Second), (Shard, 40 * Second, 41 * Second)], Moved.Gaps);
        Assert.Equal(1, new Handovers([Record("one", 1, 2), Record("two", 3, 4), Record("three", 5, null)]).Rebalances);
    }

    private static ExportRecord Record(string life, long from, long? until) => new(life, Shard, from * Second, until * Second);

    private static SeenShards Page(string life, long began, long ended) => new(life, life, began * Second, ended * Second, UInt128.One << Shard);
}
