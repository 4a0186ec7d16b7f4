using Akka.Cluster;

namespace Caretta.Aggregator.Cluster;

/// <summary>Questions whether one is still a member, each with those whose word counts for it. Pure.</summary>
internal sealed class MembershipRounds(int most)
{
    private readonly Queue<Round> _rounds = [];
    private long _number;

    /// <returns>The question's number.</returns>
    public long Begin(Ballot ballot, long at)
    {
        if (_rounds.Count == most)
        {
            _rounds.Dequeue();
        }

        _rounds.Enqueue(new Round(++_number, at, ballot));
        return _number;
    }

    /// <summary>The latest question that most have affirmed: when it was asked, and of whom.</summary>
    public (long At, Ballot Ballot)? Affirmed =>
        _rounds.Where(round => round.IsAffirmed).Select(round => ((long, Ballot)?)(round.At, round.Ballot)).LastOrDefault();

    public void Answered(long number, UniqueAddress by, bool isMember) => _rounds.FirstOrDefault(round => round.Number == number)?.Answered(by, isMember);

    private sealed class Round(long number, long at, Ballot ballot)
    {
        private readonly HashSet<UniqueAddress> _answered = [];
        private readonly HashSet<UniqueAddress> _affirming = [];

        public long Number => number;

        public long At => at;

        public Ballot Ballot => ballot;

        public bool IsAffirmed => ballot.IsAffirmedBy(_affirming);

        /// <summary>Of several answers the first counts.</summary>
        public void Answered(UniqueAddress by, bool isMember)
        {
            if (_answered.Add(by) && isMember)
            {
                _affirming.Add(by);
            }
        }
    }
}
