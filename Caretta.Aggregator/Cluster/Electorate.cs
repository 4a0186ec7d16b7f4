using Akka.Cluster;

namespace Caretta.Aggregator.Cluster;

/// <summary>
/// Whose word counts for this member's being one. Those whom this side of the cluster has given up stay in it, without a vote, until most of it,
/// they included, have affirmed the side that is left: the decision to give them up may rest on what was no longer true, and the other side may have
/// made one too. Pure. See docs/decisions/0036.
/// </summary>
internal sealed class Electorate(UniqueAddress self)
{
    /// <summary>Everybody else, and how far each was last seen to be.</summary>
    private readonly Dictionary<UniqueAddress, MemberStatus> _present = [];

    /// <summary>And whether it was ever seen up. One that was not cannot have been made so elsewhere, unless one that was went with it.</summary>
    private readonly Dictionary<UniqueAddress, bool> _givenUp = [];

    /// <summary>Came while somebody was given up: they neither count nor vote before that is settled.</summary>
    private readonly HashSet<UniqueAddress> _late = [];

    private bool IsSettled => !_givenUp.ContainsValue(true);

    public Ballot Look() => IsSettled
        ? new Ballot(self, [.. _present.Keys], [.. _present.Keys], GivenUp: [], Settles: [.. _givenUp.Keys])
        : new Ballot(
            self,
            [.. _present.Keys.Except(_late)],
            [.. _present.Where(member => IsUp(member.Value)).Select(member => member.Key).Except(_late)],
            GivenUp: [.. _givenUp.Keys],
            Settles: [.. _givenUp.Keys]);

    public void Seen(UniqueAddress member, MemberStatus status)
    {
        if (member.Equals(self))
        {
            return;
        }

        // Another process at its address: the one before has ended.
        foreach (var before in _givenUp.Keys.Where(before => before.Address.Equals(member.Address)).ToList())
        {
            _givenUp.Remove(before);
        }

        Tidy();
        if (_present.TryAdd(member, status) && !IsSettled)
        {
            _late.Add(member);
        }

        _present[member] = status;
    }

    /// <summary>In good order: it has handed over what it had.</summary>
    public void Left(UniqueAddress member)
    {
        _present.Remove(member);
        _late.Remove(member);
    }

    public void GivenUp(UniqueAddress member)
    {
        if (_present.Remove(member, out var status) && !_late.Remove(member) && status != MemberStatus.Exiting)
        {
#if !MUTANT_GIVEN_UP_FORGOTTEN
            _givenUp[member] = IsUp(status);
#endif
        }
    }

    /// <summary>Most affirmed this member by this ballot: whom it had given up by then counts no more.</summary>
    public void Settle(Ballot ballot)
    {
        foreach (var member in ballot.Settles)
        {
            _givenUp.Remove(member);
        }

        Tidy();
    }

    private static bool IsUp(MemberStatus status) => status is not (MemberStatus.Joining or MemberStatus.WeaklyUp);

    private void Tidy()
    {
        if (IsSettled)
        {
            _late.Clear();
        }
    }
}
