using Akka.Actor;
using Akka.Hosting;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Gather;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Cluster;
using Caretta.Tests.Aggregator.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Members as the product puts them together, and the map that each of them shows.</summary>
public class MapGatherSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_member_shows_the_links_of_all_and_names_the_one_that_does_not_answer()
    {
        var seeds = MemberUnderTest.FreeSeeds(3);
        List<MemberUnderTest> members = [];
        try
        {
            for (var index = 0; index < 3; index++)
            {
                members.Add(await MemberUnderTest.StartAsync(seeds, index));
            }

            members.ForEach(member => member.Database.BecomeReady());
            await MemberUnderTest.UntilAsync(() => members.TrueForAll(member => member.Sees(3)));
            await MemberUnderTest.UntilAsync(() => members.TrueForAll(member => member.Get<RecoveredShards>().Count is 21 or 22)
                && members.Sum(member => member.Get<RecoveredShards>().Count) == 64); // from then on none moves
            List<NetworkLink> links = [];
            foreach (var member in members)
            {
                links.Add(await ShowAsync(member, links.Count));
            }

            foreach (var member in members)
            {
                var model = await UntilAsync(member, model => model.Links.Count == 3 && model.Members.AreAll);
                Assert.Equal((3, 3), (model.Members.Asked, model.Members.Answered));
                Assert.Equal(links.Select(link => link.Id).Order(), model.Links.Select(link => link.Link.Id).Order());
                Assert.Equal("0 1 2", string.Join(' ', model.Edges.Select(edge => edge.Sums.BytesToServer).Order()));
            }

            var deaf = members[2];
            deaf.System.Stop(await deaf.Get<IRequiredActor<MapActor>>().GetAsync(Cancel));
            var missing = await UntilAsync(members[0], model => model.Members.Missing.SequenceEqual([seeds.Split(',')[2]])); // not another that was only late
            Assert.Equal(3, missing.Links.Count); // as it last was
        }
        finally
        {
            foreach (var member in members)
            {
                await member.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Asked_before_its_links_are_its_own_a_member_answers_when_they_are()
    {
        var settings = new MapSettings(TimeSpan.FromSeconds(2)) { AnswerWithin = TimeSpan.FromMinutes(5) };
        await using var member = await MemberUnderTest.StartAsync(MemberUnderTest.FreeSeeds(1), 0, services => services.AddSingleton(settings));
        member.Database.BecomeReady();
        var map = await (await member.Get<IRequiredActor<MapActor>>().GetAsync(Cancel)).Ask<MapModel>(new LookAtMap(), settings.AnswerWithin, Cancel);
        Assert.Equal((1, true), (map.Members.Asked, map.Members.AreAll));
    }

    [Fact]
    public async Task Where_no_new_map_comes_in_time_the_last_one_is_shown_and_says_so()
    {
        var settings = new MapSettings(TimeSpan.FromSeconds(2)) { OldAfter = TimeSpan.FromMilliseconds(200) };
        var seeds = MemberUnderTest.FreeSeeds(1);
        await using var member = await MemberUnderTest.StartAsync(seeds, 0, services => services.AddSingleton(settings));
        member.Database.BecomeReady();
        await MemberUnderTest.UntilAsync(() => member.Get<RecoveredShards>().Count == 64);
        var (link, late) = (await ShowAsync(member, 0), 0);
        await UntilAsync(member, model => NotLate(model) && model.Links.Count == 1 && model.Members.AreAll);
        Assert.Equal(late, member.Get<MapMetrics>().OldAnswers.Value);

        await (await member.Get<IRequiredActor<MapActor>>().GetAsync(Cancel)).GracefulStop(TimeSpan.FromMinutes(1));
        var old = await UntilAsync(member, model => !NotLate(model));

        Assert.Equal((member.Get<MapFeed>().Current.At, 1, 0), (old.At, old.Members.Asked, old.Members.Answered));
        Assert.Equal([seeds], old.Members.Missing);
        Assert.Equal(link, old.Link(link.Id)?.Link);
        Assert.Equal(late, member.Get<MapMetrics>().OldAnswers.Value);
        Assert.True(member.Get<MapFeed>().Current.Members.AreAll); // what was true then is not written over

        // A machine that is busy with other work may have been late before.
        bool NotLate(MapModel model)
        {
            late += model.IsOld ? 1 : 0;
            return !model.IsOld;
        }
    }

    private static int? OfItsShards(MemberUnderTest member) =>
        Enumerable.Range(0, LinkSharding.DefaultShardCount).Cast<int?>().FirstOrDefault(shard => member.Get<ExportedShards>().Contains(shard!.Value));

    /// <summary>A member exports its shards a moment after it has recovered them.</summary>
    private static async Task<NetworkLink> ShowAsync(MemberUnderTest member, int number)
    {
        await MemberUnderTest.UntilAsync(() => OfItsShards(member) is not null);
        var link = Traffic.Link(number);
        member.Get<LinkGauges>().Open(link, OfItsShards(member)!.Value).Show(new LinkTotals { SentBytes = (ulong)number }, default, new LinkSeen(1, 1));
        return link;
    }

    private static Task<MapModel> UntilAsync(MemberUnderTest member, Func<MapModel, bool> isSo) =>
        Eventually.FoundAsync(async () => await LookAsync(member) is { } model && isSo(model) ? model : null);

    /// <returns>Null: it has none yet.</returns>
    private static async Task<MapModel?> LookAsync(MemberUnderTest member)
    {
        try
        {
            return await member.Get<IMapSource>().LookAsync(Cancel);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
