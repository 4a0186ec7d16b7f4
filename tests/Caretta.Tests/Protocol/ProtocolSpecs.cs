using CsCheck;

namespace Caretta.Tests.Protocol;

/// <summary>The whole way from a host's ledger to an exported total, under everything that can go wrong on it. A failure names its seed.</summary>
public class ProtocolSpecs
{
    private const int Runs = 3000;

    [Fact]
    public void Whatever_happens_on_the_way_the_totals_end_at_the_truth_and_never_fall()
    {
        Run(ProtocolStep.RestoreDatabaseUnderLiveOwners);
    }

    [Fact]
    public void With_ledgers_lost_rolled_back_or_cloned_totals_and_counted_losses_cover_the_truth_and_nothing_falls()
    {
        Run(ProtocolStep.CloneLedger);
    }

    private static void Run(ProtocolStep last)
    {
        var step = Gen.Select(Gen.Int[0, (int)last].Select(number => (ProtocolStep)number), Gen.Int[0, 5], Gen.Int[0, 11]);
        step.Array[1, 120].Sample(
            steps =>
            {
                var model = new ProtocolModel();
                foreach (var (what, a, b) in steps)
                {
                    model.Do(what, a, b);
                    model.AssertNothingIsCountedTwiceAndNothingFalls();
                }

                model.AssertEveryUnexpiredLinkIsExported();
                model.Settle();
                model.AssertNothingIsCountedTwiceAndNothingFalls();
                model.AssertTheTruthIsHeldOrItsLossWasCounted();

                model.KillAll(); // what the ledgers held in memory must have been in the journals
                model.AssertNothingIsCountedTwiceAndNothingFalls();
                model.Settle();
                model.AssertNothingIsCountedTwiceAndNothingFalls();
                model.AssertTheTruthIsHeldOrItsLossWasCounted();
            },
            iter: Runs,
            print: steps => string.Join(", ", steps.Select(one => $"{one.Item1} {one.Item2} {one.Item3}")));
    }
}
