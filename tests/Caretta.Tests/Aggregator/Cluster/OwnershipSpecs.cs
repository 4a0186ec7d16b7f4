using Akka.Actor;
using Akka.Cluster;
using Caretta.Aggregator;
using Caretta.Aggregator.Cluster;
using CsCheck;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>The lease on which links are exported: docs/decisions/0009.</summary>
public class OwnershipSpecs
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_lease_runs_from_when_the_members_were_asked()
    {
        var time = new ManualTime();
        var lease = new OwnershipLease(Bound, time);
        Assert.False(lease.Held);
        var asked = time.GetTimestamp();
        time.Pass(TimeSpan.FromSeconds(4));
        lease.Renew(asked);
        Assert.True(lease.Held);
        time.Pass(TimeSpan.FromSeconds(1));
        Assert.False(lease.Held);
    }

    [Fact]
    public void An_older_question_does_not_shorten_it_and_what_is_lost_stays_lost()
    {
        var time = new ManualTime();
        var lease = new OwnershipLease(Bound, time);
        var early = time.GetTimestamp();
        time.Pass(TimeSpan.FromSeconds(4));
        lease.Renew(time.GetTimestamp());
        lease.Renew(early);
        time.Pass(TimeSpan.FromSeconds(3));
        Assert.True(lease.Held);
        lease.Lose();
        lease.Renew(time.GetTimestamp());
        Assert.False(lease.Held);
    }

    [Fact]
    public void A_question_is_affirmed_by_more_than_half_of_all_members_whoever_answers_how_often() =>
        Gen.Select(Gen.Int[0, 6], Gen.Select(Gen.Int[0, 8], Gen.Bool).Array[0, 20]).Sample((others, answers) =>
        {
            var (rounds, electorate) = (new MembershipRounds(3), new Electorate(Member(100)));
            Enumerable.Range(0, others).ToList().ForEach(other => electorate.Seen(Member(other), MemberStatus.Up));
            var number = rounds.Begin(electorate.Look(), at: 42);
            foreach (var (who, isMember) in answers)
            {
                rounds.Answered(number, Member(who), isMember);
            }

            var affirmed = 1 + answers.Where(answer => answer.Item1 < others).GroupBy(answer => answer.Item1).Count(first => first.First().Item2);
            Assert.Equal(affirmed * 2 > others + 1 ? 42L : null, rounds.Affirmed?.At);
        });

    [Theory]
    [InlineData(7, 7, true)]
    [InlineData(5, 7, true)]
    [InlineData(4, 7, false)]
    [InlineData(7, 4, false)]
    public void Settings_that_leave_no_time_to_stop_exporting_are_refused(int stableAfter, int margin, bool accepted)
    {
        var options = new AggregatorOptions { StableAfter = TimeSpan.FromSeconds(stableAfter), DownRemovalMargin = TimeSpan.FromSeconds(margin) };
        Assert.Equal(accepted, !options.Validate(new(options)).Any());
        Assert.True(options.OwnershipBound < options.StableAfter && options.OwnershipBound < options.DownRemovalMargin);
    }

    private static UniqueAddress Member(int number) => new(new Address("akka.tcp", "caretta", "10.0.0." + number, 7119), number);
}
