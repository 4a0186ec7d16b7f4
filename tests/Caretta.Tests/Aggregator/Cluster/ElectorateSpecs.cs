using Akka.Actor;
using Akka.Cluster;
using Caretta.Aggregator.Cluster;
using CsCheck;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Who must affirm a member after some were given up: docs/decisions/0036. Members are numbered, and so are their addresses.</summary>
public class ElectorateSpecs
{
    [Fact]
    public void Who_gave_up_most_of_the_others_can_be_affirmed_by_nobody()
    {
        var electorate = Of(1, [2, 3]);
        electorate.GivenUp(Member(2));
        Assert.False(electorate.Look().IsAffirmedBy(Members()));
        Assert.True(electorate.Look().CanBeAffirmed);
        electorate.GivenUp(Member(3));
        Assert.False(electorate.Look().CanBeAffirmed);
        Assert.False(electorate.Look().IsAffirmedBy(Members()));
    }

    [Fact]
    public void The_majority_goes_on_without_whom_it_gave_up_and_counts_it_no_more_once_it_affirmed_that()
    {
        var electorate = Of(3, [1, 2]);
        electorate.GivenUp(Member(1));
        var ballot = electorate.Look();
        Assert.False(ballot.IsAffirmedBy(Members()));
        Assert.True(ballot.IsAffirmedBy(Members(2)));
        electorate.Settle(ballot);

        electorate.Left(Member(2));
        Assert.True(electorate.Look().IsAffirmedBy(Members()));
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 1, false)]
    public void Of_an_even_split_the_side_with_the_lowest_address_goes_on_when_all_of_it_affirm(int self, int other, bool goesOn)
    {
        var electorate = Of(self, [other]);
        electorate.GivenUp(Member(other));
        Assert.Equal(goesOn, electorate.Look().IsAffirmedBy(Members()));
        Assert.Equal(goesOn, electorate.Look().CanBeAffirmed);

        var four = Of(self, [other, 3, 4]);
        four.GivenUp(Member(other));
        four.GivenUp(Member(3));
        Assert.False(four.Look().IsAffirmedBy(Members()));
        Assert.Equal(goesOn, four.Look().IsAffirmedBy(Members(4)));
    }

    [Fact]
    public void One_that_was_not_up_yet_counts_only_if_one_that_was_up_is_lost_as_well()
    {
        var electorate = Of(2, []);
        electorate.Seen(Member(1), MemberStatus.Joining);
        electorate.GivenUp(Member(1));
        Assert.True(electorate.Look().IsAffirmedBy(Members()));

        // The lost ones may have made it one: then they are two of four, with the lowest address.
        electorate = Of(2, [1, 3]);
        electorate.Seen(Member(4), MemberStatus.Joining);
        electorate.GivenUp(Member(4));
        electorate.GivenUp(Member(1));
        Assert.False(electorate.Look().IsAffirmedBy(Members(3)));

        // It was lost long before, and the others have affirmed since.
        electorate = Of(2, [1, 3]);
        electorate.Seen(Member(4), MemberStatus.Joining);
        electorate.GivenUp(Member(4));
        electorate.Settle(electorate.Look());
        electorate.GivenUp(Member(1));
        Assert.True(electorate.Look().IsAffirmedBy(Members(3)));
    }

    [Fact]
    public void Who_comes_while_somebody_is_given_up_changes_nothing_until_that_is_settled()
    {
        var electorate = Of(1, [2, 3]);
        electorate.GivenUp(Member(2));
        electorate.Seen(Member(4), MemberStatus.Up);
        electorate.Seen(Member(5), MemberStatus.Up);
        Assert.False(electorate.Look().IsAffirmedBy(Members(4, 5)));
        Assert.True(electorate.Look().IsAffirmedBy(Members(3)));
        electorate.Settle(electorate.Look());
        Assert.False(electorate.Look().IsAffirmedBy(Members(3)));
        Assert.True(electorate.Look().IsAffirmedBy(Members(4, 5)));
    }

    [Fact]
    public void One_that_joins_votes_about_whom_it_was_there_with_once_it_is_up()
    {
        var electorate = Of(2, [1, 3]);
        electorate.Seen(Member(4), MemberStatus.Joining);
        electorate.GivenUp(Member(1));
        Assert.False(electorate.Look().IsAffirmedBy(Members(3, 4)));
        Assert.True(electorate.Look().CanBeAffirmed);
        electorate.Seen(Member(4), MemberStatus.Up);
        Assert.True(electorate.Look().IsAffirmedBy(Members(3, 4)));
    }

    [Fact]
    public void Another_process_at_the_address_of_one_that_was_given_up_proves_that_one_ended()
    {
        var electorate = Of(2, [1]);
        electorate.GivenUp(Member(1));
        Assert.False(electorate.Look().CanBeAffirmed);
        electorate.Seen(new UniqueAddress(Member(1).Address, 99), MemberStatus.Joining);
        Assert.False(electorate.Look().IsAffirmedBy(Members()));
        electorate.Seen(new UniqueAddress(Member(1).Address, 99), MemberStatus.Up);
        Assert.True(electorate.Look().IsAffirmedBy(new HashSet<UniqueAddress> { new(Member(1).Address, 99) }));
    }

    [Theory]
    [InlineData(MemberStatus.Leaving, false)]
    [InlineData(MemberStatus.Exiting, true)]
    public void Who_was_about_to_end_in_good_order_has_handed_over(MemberStatus last, bool goesOn)
    {
        var electorate = Of(2, [1]);
        electorate.Seen(Member(1), last);
        electorate.GivenUp(Member(1));
        Assert.Equal(goesOn, electorate.Look().IsAffirmedBy(Members()));
    }

    /// <summary>Whoever gives up whom, in whatever order and however wrongly: of two members that no longer hear each other's side one at most goes on.</summary>
    [Fact]
    public void Two_sides_never_both_go_on() =>
        Gen.Select(Gen.Int[2, 7], Gen.Int[1, 126], Steps, Steps).Sample((members, sides, first, second) =>
        {
            List<int> all = [.. Enumerable.Range(1, members)];
            var side = all.ToLookup(member => (sides >> (member - 1)) % 2 == 0);
            if (side.Count == 2)
            {
                Assert.False(GoesOn([.. side[true]], all, first) && GoesOn([.. side[false]], all, second));
            }
        });

    /// <summary>Each: give somebody up, and then be affirmed by some.</summary>
    private static Gen<(int GivenUp, int Affirming)[]> Steps => Gen.Select(Gen.Int[1, 7], Gen.Int[0, 127]).Array[0, 12];

    private static bool GoesOn(List<int> side, List<int> all, (int GivenUp, int Affirming)[] steps)
    {
        var self = side[0];
        var electorate = Of(self, [.. all.Except([self])]);
        var goesOn = false;
        foreach (var (givenUp, affirming) in steps)
        {
            electorate.GivenUp(Member(givenUp));
            var ballot = electorate.Look();
            if (ballot.IsAffirmedBy(Members([.. side.Where(member => (affirming >> (member - 1)) % 2 == 1)])))
            {
                electorate.Settle(ballot);
                goesOn = true;
            }
        }

        return goesOn;
    }

    private static Electorate Of(int self, IEnumerable<int> others)
    {
        var electorate = new Electorate(Member(self));
        electorate.Seen(Member(self), MemberStatus.Up);
        foreach (var other in others)
        {
            electorate.Seen(Member(other), MemberStatus.Up);
        }

        return electorate;
    }

    private static HashSet<UniqueAddress> Members(params int[] numbers) => [.. numbers.Select(Member)];

    private static UniqueAddress Member(int number) => new(new Address("akka.tcp", "caretta", "10.0.0." + number, 7119), number);
}
