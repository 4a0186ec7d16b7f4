using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>What a shard takes in is bounded, for each node and for all.</summary>
public class ShardRoomSpecs
{
    private const int ShardCount = LinkSharding.DefaultShardCount;

    private static readonly NetworkLink Other = OverflowLinks.For(JournalledShard.Number, ShardCount, Role.Client);

    [Fact]
    public void A_node_has_room_for_so_many_incarnations_and_others_have_theirs()
    {
        var room = new SourceRoom(new ShardState());
        var incarnations = Enumerable.Range(0, SourceRoom.MaxOfNode).Select(_ => Traffic.Source("sick")).ToList();
        Assert.All(incarnations, source => Assert.True(room.Admit(source)));
        Assert.False(room.Admit(Traffic.Source("sick")));
        Assert.True(room.Admit(incarnations[0]));
        Assert.True(room.Admit(Traffic.Source("well")));
        Assert.Equal(SourceRoom.MaxOfNode + 1, room.Count);

        room.Retire([incarnations[0], Traffic.Source("never-seen")]);
        Assert.True(room.Admit(Traffic.Source("sick")));
        Assert.False(room.Admit(Traffic.Source("sick")));
    }

    [Fact]
    public void All_nodes_together_have_room_for_so_many_sources()
    {
        var room = new SourceRoom(new ShardState());
        for (var number = 0; number < SourceRoom.MaxSources; number++)
        {
            Assert.True(room.Admit(Traffic.Source($"node-{number}")));
        }

        Assert.False(room.Admit(Traffic.Source("one-more")));
    }

    [Fact]
    public void Sources_the_journal_holds_have_their_room_after_a_restart()
    {
        var state = new ShardState();
        for (var number = 0; number < SourceRoom.MaxOfNode; number++)
        {
            Hold(state, Traffic.Source("sick"), Traffic.Link(1));
        }

        Assert.False(new SourceRoom(state).Admit(Traffic.Source("sick")));
    }

    [Fact]
    public void A_node_alone_fills_its_share_of_the_links_and_no_more_until_another_reports_them_too()
    {
        var (links, sick, well) = (Traffic.LinksOfShard(JournalledShard.Number).Take(66).ToList(), Traffic.Source("sick"), Traffic.Source("well"));
        var room = new LinkRoom(JournalledShard.Number, ShardCount, maxLinks: 100, new ShardState());
        Assert.All(links.Take(LinkRoom.MinNodeLinks), link => Assert.Equal(link, room.Find(sick, link)!.Value.Link));
        Assert.Equal(Other, room.Find(sick, links[64])!.Value.Link);
        Assert.Equal(links[65], room.Find(well, links[65])!.Value.Link);
        Assert.Equal(links[65], room.Find(sick, links[65])!.Value.Link); // it is there, whoever made it

        Assert.Equal(links[0], room.Find(well, links[0])!.Value.Link); // now it is not the sick one's alone
        var next = Traffic.LinksOfShard(JournalledShard.Number).Skip(70).First();
        Assert.Equal(next, room.Find(sick, next)!.Value.Link);
    }

    [Fact]
    public void A_node_has_a_share_of_what_is_under_other_as_well()
    {
        var links = Traffic.LinksOfShard(JournalledShard.Number).Take((LinkRoom.MinNodeLinks * (1 + LinkRoom.OverflowFactor)) + 1).ToList();
        var (room, sick) = (new LinkRoom(JournalledShard.Number, ShardCount, maxLinks: 100, new ShardState()), Traffic.Source("sick"));
        Assert.All(links.SkipLast(1), link => Assert.NotNull(room.Find(sick, link)));
        Assert.Null(room.Find(sick, links[^1]));
        Assert.NotNull(room.Find(Traffic.Source("well"), links[^1]));
    }

    [Fact]
    public void A_link_under_other_stays_there_when_there_is_more_room_after_a_restart()
    {
        var (links, source) = (Traffic.LinksOfShard(JournalledShard.Number).Take(3).ToList(), Traffic.Source());
        var (state, room) = (new ShardState(), new LinkRoom(JournalledShard.Number, ShardCount, maxLinks: 1, new ShardState()));
        foreach (var link in links.Take(2))
        {
            var place = room.Find(source, link)!.Value;
            Hold(state, place.By, place.Link);
        }

        var raised = new LinkRoom(JournalledShard.Number, ShardCount, maxLinks: 10, state);
        Assert.Equal(links[0], raised.Find(source, links[0])!.Value.Link);
        Assert.Equal(Other, raised.Find(source, links[1])!.Value.Link);
        Assert.Equal(links[2], raised.Find(source, links[2])!.Value.Link);
        Assert.Equal(links[1], raised.Find(Traffic.Source("node-b"), links[1])!.Value.Link); // another's bytes are in nobody's ~other
    }

    [Fact]
    public void A_shard_that_remembers_as_many_retired_incarnations_as_it_may_retires_no_more_and_says_how_many_it_would()
    {
        var retired = Enumerable.Range(0, Retirement.MaxRemembered - 1).Select(_ => Guid.NewGuid()).ToList();
        var state = new ShardState(new ShardSnapshot([], []) { Retired = retired });
        var silent = Enumerable.Range(0, 3).Select(number => Traffic.Source($"node-{number}")).ToList();
        silent.ForEach(source => Hold(state, source, Traffic.Link(1)));
        var found = new Retirement(TimeSpan.FromDays(30)).Look(state, TimeSpan.FromDays(40), _ => false);
        Assert.Equal((1, 2), (found.Silent.Count, found.Refused));

        state.Apply(new SourcesRetired(DateTimeOffset.UnixEpoch, TimeSpan.FromDays(40), found.Silent));
        found = new Retirement(TimeSpan.FromDays(30)).Look(state, TimeSpan.FromDays(80), _ => false);
        Assert.Equal((0, 2, Retirement.MaxRemembered), (found.Silent.Count, found.Refused, state.Retired.Count));
    }

    private static void Hold(ShardState state, Source source, NetworkLink link) => Hold(state, new Contributor(source), link);

    private static void Hold(ShardState state, Contributor by, NetworkLink link) => state.Apply(new LinksAdvanced(
        DateTimeOffset.UnixEpoch, [new LinkAdvance(link, by, Traffic.Totals(1))], [KeyValuePair.Create(by.Source, 1UL)]));
}
