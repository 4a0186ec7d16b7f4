namespace Caretta.Aggregator.Cluster.Renewal;

/// <summary>
/// When a member restarts to show a renewed certificate. The oldest does, and is the youngest then: so each has its turn, and no two are away at one
/// time, without a word between them. Whoever is older than a member that is outdated is outdated itself, or is about to see that it is.
/// </summary>
internal static class RenewalRules
{
    public static bool RestartsNow(RenewalView view, RenewalSettings settings) =>
        view.DueFor >= settings.Settled
        && view.QuietFor >= settings.Quiet
        && view is { AllWell: true, IsOldest: true }
        && (view.Members >= view.Most || view.Left < settings.Late);
}
