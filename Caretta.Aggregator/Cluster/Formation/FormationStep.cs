namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>What to do next.</summary>
internal abstract record FormationStep
{
    public sealed record Wait(string Reason) : FormationStep;

    public sealed record Join(IReadOnlyList<MemberAddress> Members) : FormationStep
    {
        public bool Equals(Join? other) => other is not null && Members.SequenceEqual(other.Members);

        public override int GetHashCode() => Members.Count;
    }

    /// <summary>Be the first member of a new cluster.</summary>
    public sealed record Found : FormationStep;

    /// <summary>Never: only an operator can mend it.</summary>
    public sealed record Refuse(string Reason) : FormationStep;
}
