using Akka.Cluster;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map.Gather;
using Caretta.Aggregator.Map.Trails;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using CsCheck;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>How one member gets to know the links of the others.</summary>
public class GatherSpecs
{
    private const int RemoteFrame = 128_000;
    private static readonly MemberSerializer Serializer = new(null!);
    private static readonly Dictionary<NetworkLink, ulong> None = [];
    private static readonly UniqueAddress One = new(new Akka.Actor.Address("akka.tcp", "caretta", "one", 1), 1);
    private static readonly UniqueAddress Other = new(new Akka.Actor.Address("akka.tcp", "caretta", "other", 2), 2);

    [Fact]
    public void Whatever_happens_between_its_questions_a_member_ends_up_knowing_the_other_ones_links() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 7], Gen.ULong[0, 3]).Array[0, 80].Sample(steps =>
        {
            var (own, held, links, epoch, second) = (new OwnLinks(), new HeldMember(), new Dictionary<NetworkLink, ulong>(), 7UL, 0);
            LinksTold? last = null;
            foreach (var (what, number, sent) in steps)
            {
                switch (what)
                {
                    case 0: links[Traffic.Link(number)] = links.GetValueOrDefault(Traffic.Link(number)) + sent; break;
                    case 1: links.Remove(Traffic.Link(number)); break;
                    case 2: Sample(own, links, ++second); break;
                    case 3 when number == 0: (own, epoch) = (new OwnLinks(), epoch + 1); Sample(own, links, ++second); break; // it was restarted
                    case 3 when last is not null: held.Take(last, default); break; // heard twice
                    case 4: _ = held.Ask(second); break; // lost on the way
                    default: held.Take(last = Crossed(new TellLinks(own, epoch).Answer(held.Ask(1000 + second))), default); break;
                }
            }

            Sample(own, links, ++second);
            held.Begin();
            while (held.Take(Crossed(new TellLinks(own, epoch).Answer(held.Ask(++second + 2000))), default))
            {
            }

            Assert.True(held.HasAnswered);
            Assert.Equal(own.Facts.OrderBy(fact => fact.Link.Id), held.Links.OrderBy(fact => fact.Link.Id));
        });

    [Fact]
    public void Fifty_thousand_links_with_the_longest_names_cross_in_messages_that_Remote_carries()
    {
        var own = new OwnLinks();
        var name = new string('ト', NameRules.MaxLength);
        Sample(own, Enumerable.Range(0, 2000).ToDictionary(number => new NetworkLink(new Workload(name, name, name, name), new Workload(name, name, name, name), (ushort)number, Role.Client), number => (ulong)number), 1);
        AssertCrosses(own, 2000);

        own = new OwnLinks();
        Sample(own, Enumerable.Range(0, 50_000).ToDictionary(number => Traffic.Link(number), number => (ulong)number), 1);
        Assert.InRange(AssertCrosses(own, 50_000), 10, 400);
    }

    [Fact]
    public void What_has_not_changed_is_not_told_again_and_names_are_told_once()
    {
        var (own, held) = (new OwnLinks(), new HeldMember());
        var links = Enumerable.Range(0, 100).ToDictionary(number => Traffic.Link(number), number => (ulong)number);
        Sample(own, links, 1);
        held.Take(new TellLinks(own, 7).Answer(held.Ask(1)), default);
        links[Traffic.Link(5)]++;
        links.Remove(Traffic.Link(6));
        Sample(own, links, 2);

        var told = new TellLinks(own, 7).Answer(held.Ask(2));

        Assert.Equal([Traffic.Link(5).Id], told.Links.Select(link => link.LinkId));
        Assert.False(told.Links[0].IsNamed);
        Assert.Equal([Traffic.Link(6).Id], told.Gone);
        Assert.False(told.Anew);
    }

    [Fact]
    public void Who_was_away_while_too_much_ended_is_told_everything_anew()
    {
        var (own, held) = (new OwnLinks(), new HeldMember());
        Sample(own, Enumerable.Range(0, OwnLinks.MaxGone + 2).ToDictionary(number => Traffic.Link(number), _ => 1UL), 1);
        while (held.Take(new TellLinks(own, 7).Answer(held.Ask(1)), default))
        {
        }

        Sample(own, new Dictionary<NetworkLink, ulong> { [Traffic.Link(1)] = 5 }, 2);
        var told = new TellLinks(own, 7).Answer(held.Ask(2));
        Assert.True(told.Anew);
        held.Take(told, default);
        Assert.Equal([Traffic.Link(1).Id], held.Links.Select(link => link.Link.Id));
    }

    [Fact]
    public void A_member_that_is_not_certain_of_its_links_and_one_that_says_nothing_are_missing_and_named()
    {
        var all = new ClusterLinks();
        var members = all.Begin([One, Other]).ToDictionary();
        members[Other].Take(new TellLinks(new OwnLinks(), 7).Withhold(members[Other].Ask(1)), default);

        var model = all.Complete([], "self:1", MapFacts.Now, default);
        Assert.Equal(["one:1", "other:2"], model.Members.Missing.Order());
        Assert.Equal((3, 1, false), (model.Members.Asked, model.Members.Answered, model.Members.AreAll));
        Assert.Contains("self:1", all.Complete(null, "self:1", MapFacts.Now, default).Members.Missing);
    }

    [Fact]
    public void A_link_on_its_way_from_member_to_member_is_on_the_map_once_at_every_moment()
    {
        var (all, link) = (new ClusterLinks(), Traffic.Link(1));
        var (from, to) = (new OwnLinks(), new OwnLinks());
        Sample(from, new Dictionary<NetworkLink, ulong> { [link] = 100 }, 1);
        Sample(to, None, 1);
        var second = 0;
        ulong Shown()
        {
            foreach (var (address, member) in all.Begin([One, Other]))
            {
                member.Take(new TellLinks(address.Equals(One) ? from : to, address.Equals(One) ? 7UL : 8).Answer(member.Ask(++second)), TimeSpan.FromSeconds(second));
            }

            return Assert.Single(all.Complete([], "", MapFacts.Now, TimeSpan.FromSeconds(second)).Edges).Sums.BytesToServer;
        }

        Assert.Equal(100UL, Shown());
        Sample(to, new Dictionary<NetworkLink, ulong> { [link] = 120 }, 2);
        Assert.Equal(120UL, Shown()); // both tell of it
        Sample(from, None, 3);
        Assert.Equal(120UL, Shown());
        Sample(to, None, 4);
        Assert.Equal(120UL, Shown()); // neither does
    }

    [Fact]
    public void What_nobody_tells_of_any_longer_leaves_the_map_after_a_while()
    {
        var all = new ClusterLinks();
        all.Begin([]);
        Assert.Single(all.Complete([MapFacts.Fact(Traffic.Link(1), sentRate: 5)], "", MapFacts.Now, TimeSpan.Zero).Edges);
        var kept = all.Complete([], "", MapFacts.Now, ClusterLinks.KeptFor - TimeSpan.FromSeconds(1));
        Assert.Equal(0, Assert.Single(kept.Edges).Sums.Rate);
        Assert.Empty(all.Complete([], "", MapFacts.Now, ClusterLinks.KeptFor).Edges);
    }

    [Theory]
    [InlineData("ask-links-1", "080311070000000000000018052009")]
    [InlineData("ask-histories-1", "0803121007000000000000000900000000000000")]
    public void A_question_that_was_written_once_is_read_for_ever(string manifest, string hex)
    {
        var read = Serializer.FromBinary(Convert.FromHexString(hex), manifest);
        Assert.Equal(hex, Convert.ToHexString(Serializer.ToBinary(read)));
        Assert.Equal(manifest, Serializer.Manifest(read));
        if (read is AskHistories ask)
        {
            Assert.Equal((3L, 7UL, 9UL), (ask.Number, ask.LinkIds[0], ask.LinkIds[1]));
        }
        else
        {
            Assert.Equal(new AskLinks(3, 7, 5, 9), read);
        }
    }

    [Fact]
    public void Histories_of_as_many_links_as_may_be_asked_for_cross_in_one_message()
    {
        var hour = new History(28_000_000, [.. Enumerable.Repeat(1.5f, 60)], [.. Enumerable.Repeat(2.5f, 60)], [.. Enumerable.Repeat(0f, 60)]);
        var told = new HistoriesTold(3, [.. Enumerable.Range(0, AskHistories.Most).Select(number => KeyValuePair.Create((ulong)number, hour))]);
        var bytes = Serializer.ToBinary(told);
        Assert.InRange(bytes.Length, 1, RemoteFrame - 20_000);
        var read = Assert.IsType<HistoriesTold>(Serializer.FromBinary(bytes, "histories-told-1"));
        Assert.Equal(hour.Sent, read.Histories[^1].Value.Sent);
        Assert.Equal((hour.From, AskHistories.Most), (read.Histories[^1].Value.From, read.Histories.Count));
    }

    [Fact]
    public void A_message_whose_names_point_nowhere_has_the_next_question_ask_for_everything()
    {
        var held = new HeldMember();
        _ = held.Ask(1);
        var broken = new Caretta.Aggregator.Shards.Wire.LinksTold { Number = 1, Epoch = 7, Cursor = 9, Links = { new Caretta.Aggregator.Shards.Wire.MapLink { Id = 5, Names = new() { Texts = { 1, 2, 3 } } } } };
        Assert.False(held.Take(broken.ToDomain(), default));
        Assert.Equal(new AskLinks(2, 0, 0, 0), held.Ask(2));
    }

    private static int AssertCrosses(OwnLinks own, int links)
    {
        var (held, messages, more) = (new HeldMember(), 0, true);
        while (more)
        {
            var told = new TellLinks(own, 7).Answer(held.Ask(++messages));
            Assert.InRange(Serializer.ToBinary(told).Length, 1, RemoteFrame - 20_000);
            more = held.Take(Crossed(told), default);
        }

        Assert.Equal(links, held.Links.Count);
        return messages;
    }

    private static LinksTold Crossed(LinksTold told) => (LinksTold)Serializer.FromBinary(Serializer.ToBinary(told), Serializer.Manifest(told));

    private static void Sample(OwnLinks own, IReadOnlyDictionary<NetworkLink, ulong> links, int second) => own.Sample(
        [.. links.Select(link => (link.Key, new LinkValues(Traffic.Totals(link.Value), Traffic.Levels((uint)link.Value % 3), new LinkSeen(5, 9))))],
        TimeSpan.FromSeconds(second),
        1000 + (second / 60));
}
