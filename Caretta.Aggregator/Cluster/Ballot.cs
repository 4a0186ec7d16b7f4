using System.Collections.Immutable;
using Akka.Cluster;

namespace Caretta.Aggregator.Cluster;

/// <summary>Who is counted when a member asks whether it is still one, and whose word it is that counts. Pure.</summary>
/// <param name="Others">Everybody else who was not given up.</param>
/// <param name="Voters">Those of them whose word counts.</param>
/// <param name="GivenUp">They are counted and have no word.</param>
/// <param name="Settles">Who need no longer be counted once most have affirmed.</param>
internal sealed record Ballot(
    UniqueAddress Self,
    ImmutableHashSet<UniqueAddress> Others,
    ImmutableHashSet<UniqueAddress> Voters,
    ImmutableHashSet<UniqueAddress> GivenUp,
    ImmutableHashSet<UniqueAddress> Settles)
{
    /// <summary>Enough are left, if all of them become voters.</summary>
    public bool CanBeAffirmed => IsMajority(1 + Others.Count);

    public bool IsAffirmedBy(IReadOnlySet<UniqueAddress> others) => IsMajority(1 + Voters.Count(others.Contains));

    /// <summary>
    /// More than half. Exactly half if these are all that are left and the lowest address is among them: so the resolver decides an even split.
    /// </summary>
    private bool IsMajority(int votes)
    {
        var all = 1 + Others.Count + GivenUp.Count;
        return votes * 2 > all || (votes * 2 == all && votes == GivenUp.Count && !GivenUp.Contains(Lowest));
    }

    private UniqueAddress Lowest => Others.Union(GivenUp).Add(Self).MinBy(member => member.Address, Member.AddressOrdering)!;
}
