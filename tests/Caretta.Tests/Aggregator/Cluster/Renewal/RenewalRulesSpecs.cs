using Caretta.Aggregator.Cluster.Renewal;

namespace Caretta.Tests.Aggregator.Cluster.Renewal;

public class RenewalRulesSpecs
{
    private static readonly RenewalSettings Settings = RenewalSettings.Default;

    private static readonly RenewalView Turn = new(
        DueFor: Settings.Settled, QuietFor: Settings.Quiet, AllWell: true, IsOldest: true, Members: 3, Most: 3, Left: TimeSpan.FromDays(29));

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_oldest_restarts_when_everybody_is_well_and_so_does_one_that_is_alone()
    {
        Restarts(Turn);
        Restarts(Turn with { Members = 1, Most = 1 });
    }

    [Fact]
    public void Not_before_something_was_renewed_and_is_on_everybodys_disk()
    {
        GoesOn(Turn with { DueFor = null });
        GoesOn(Turn with { DueFor = Settings.Settled - Moment });
    }

    [Fact]
    public void Never_two_at_one_time_nor_while_somebody_is_lost_or_has_just_come()
    {
        GoesOn(Turn with { IsOldest = false });
        GoesOn(Turn with { AllWell = false });
        GoesOn(Turn with { QuietFor = Settings.Quiet - Moment });
        GoesOn(Turn with { IsOldest = false, Left = -Moment });
    }

    [Fact]
    public void One_that_is_away_is_waited_for_until_shortly_before_the_old_certificate_ends()
    {
        GoesOn(Turn with { Members = 2 });
        GoesOn(Turn with { Members = 2, Left = Settings.Late });
        Restarts(Turn with { Members = 2, Left = Settings.Late - Moment });
    }

    private static void Restarts(RenewalView view) => Assert.True(RenewalRules.RestartsNow(view, Settings));

    private static void GoesOn(RenewalView view) => Assert.False(RenewalRules.RestartsNow(view, Settings));
}
