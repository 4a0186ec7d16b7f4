using System.Net;
using Caretta.Node.Forward;
using CsCheck;

namespace Caretta.Tests.Node.Forward;

public class MemberChooserSpecs
{
    [Fact]
    public void A_thousand_agents_spread_evenly_over_the_members()
    {
        var members = Members(3);
        var chosen = Enumerable.Range(0, 1000).Select(agent => new MemberChooser(new Random(agent)).Choose(members));
        Assert.All(chosen.CountBy(member => member), member => Assert.InRange(member.Value, 283, 383)); // 333, and three standard deviations
    }

    [Fact]
    public void A_thousand_choices_of_agents_that_come_back_spread_evenly_over_members_that_came_since()
    {
        var chooser = new MemberChooser(new Random(1));
        chooser.Choose(Members(2));
        var chosen = Enumerable.Range(0, 1000).Select(_ => chooser.Choose(Members(4)));
        Assert.All(chosen.CountBy(member => member), member => Assert.InRange(member.Value, 209, 291));
    }

    [Fact]
    public void Nobody_is_tried_twice_before_the_others_had_their_turn() => Gen.Select(Gen.Int[1, 8], Gen.Int).Sample((count, seed) =>
    {
        var (members, chooser) = (Members(count), new MemberChooser(new Random(seed)));
        for (var round = 0; round < 3; round++)
        {
            var tried = new HashSet<MemberAddress>();
            for (var turn = 0; turn < count; turn++)
            {
                Assert.True(turn == 0 || chooser.IsAnyLeft(members));
                var member = chooser.Choose(members);
                Assert.True(tried.Add(member));
                chooser.Failed(member);
            }

            Assert.False(chooser.IsAnyLeft(members));
        }
    });

    [Fact]
    public void After_a_stream_that_lasted_all_may_be_well_again()
    {
        var (members, chooser) = (Members(1), new MemberChooser(new Random(1)));
        chooser.Failed(members[0]);
        Assert.False(chooser.IsAnyLeft(members));
        chooser.Succeeded();
        Assert.True(chooser.IsAnyLeft(members));
    }

    [Fact]
    public void Two_names_of_one_socket_are_one_member()
    {
        var member = Members(1)[0];
        var alias = member with { Endpoint = new Uri("http://alias:7118") };
        var chooser = new MemberChooser(new Random(1));
        chooser.Failed(member);
        Assert.False(chooser.IsAnyLeft([member, alias]));
    }

    [Fact]
    public void A_member_is_named_by_its_endpoint_and_by_its_address_where_they_differ()
    {
        Assert.Equal("127.0.0.1:7118", new MemberAddress(new Uri("http://127.0.0.1:7118"), IPAddress.Loopback).ToString());
        Assert.Equal("caretta:7118 (10.0.0.1)", Members(1)[0].ToString());
    }

    private static IReadOnlyList<MemberAddress> Members(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new MemberAddress(new Uri("http://caretta:7118"), IPAddress.Parse($"10.0.0.{number}")))];
}
