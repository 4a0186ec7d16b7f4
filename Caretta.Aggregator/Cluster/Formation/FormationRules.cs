using Caretta.Aggregator.Journal.Database;

namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>
/// What a member that is in no cluster does next. Whoever hears of a cluster joins it; only one may found, and not while somebody
/// may be in a cluster that it cannot hear.
/// </summary>
internal static class FormationRules
{
    public static FormationStep Decide(FormationView view)
    {
        if (view.Peers.Select(peer => Fault(view.Own, peer)).FirstOrDefault(fault => fault is not null) is { } fault)
        {
            return new FormationStep.Refuse(fault);
        }

        var members = view.Peers.Where(peer => peer.Answer is { InCluster: true, Journal: not null }).Select(peer => peer.Address).ToList();
        if (members.Count > 0)
        {
            return new FormationStep.Join(members);
        }

        return Hindrance(view) is { } hindrance ? new FormationStep.Wait(hindrance) : new FormationStep.Found();
    }

    private static string? Hindrance(FormationView view)
    {
        if (view.MayNotFound is not null)
        {
            return view.MayNotFound;
        }

        if (view.Peers.FirstOrDefault(peer => peer is { Answer: null, KnownReady: true }) is { } mute)
        {
            return $"{mute.Address} is said to be ready and does not answer: it may be in a cluster";
        }

        var answered = 1 + view.Peers.Count(peer => peer.Answer is not null);
        return answered < view.Quorum ? $"{answered} of {view.Peers.Count + 1} members answer, {view.Quorum} are needed to begin a cluster" : null;
    }

    private static string? Fault(JournalIdentity own, PeerView peer) => peer.Answer?.Journal switch
    {
        null => null,
        _ when !own.Shared => $"This member keeps its journal in SQLite, which only it can read, but {peer.Address} is to be a member too. "
            + "Set Caretta:Aggregator:Journal to PostgreSql on all members, or run one member without Seeds.",
        { Shared: false } => $"{peer.Address} keeps its journal in SQLite, which only it can read, and can have no other members. "
            + "Set Caretta:Aggregator:Journal to PostgreSql there, or take it off the members.",
        var other when other.Id != own.Id => $"{peer.Address} has another journal ({other.Id}) than this member ({own.Id}). "
            + "Set Caretta:Aggregator:PostgreSql to the same database on all members.",
        _ => null,
    };
}
