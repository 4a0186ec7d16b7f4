using Akka.Cluster;

namespace Caretta.Aggregator.Cluster;

/// <summary>Questions whether one is still a member, each with all members that were asked. Pure.</summary>
internal sealed class MembershipRounds(int most)
{
    private readonly Queue<Round> _rounds = [];
    private long _number;

    /// <param name="others">Everybody else who is, or is about to become, a member.</param>
    /// <returns>The question's number.</returns>
    public long Begin(IEnumerable<UniqueAddress> others, long at)
    {
        if (_rounds.Count == most)
        {
            _rounds.Dequeue();
        }

        _rounds.Enqueue(new Round(++_number, at, [.. others]));
        return _number;
    }

    /// <summary>When the latest question was asked that more than half of the members, the asker included, have affirmed.</summary>
    public long? AffirmedAt => _rounds.Where(round => round.IsAffirmed).Select(round => (long?)round.At).LastOrDefault();

    public void Answered(long number, UniqueAddress by, bool isMember) => _rounds.FirstOrDefault(round => round.Number == number)?.Answered(by, isMember);

    private sealed class Round(long number, long at, HashSet<UniqueAddress> open)
    {
        private readonly int _members = open.Count + 1;
        private int _affirmed = 1;

        public long Number => number;

        public long At => at;

        public bool IsAffirmed => _affirmed * 2 > _members;

        public void Answered(UniqueAddress by, bool isMember)
        {
            if (open.Remove(by) && isMember) // else it was not asked, or has answered before
            {
                _affirmed++;
            }
        }
    }
}
