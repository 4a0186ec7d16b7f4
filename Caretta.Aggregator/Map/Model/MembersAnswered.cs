namespace Caretta.Aggregator.Map.Model;

/// <summary>Who was asked for links, and who has not answered in time: then links are missing or older.</summary>
internal sealed record MembersAnswered(int Asked, IReadOnlyList<string> Missing)
{
    public static readonly MembersAnswered Nobody = new(0, []);

    /// <summary>That one has not answered either.</summary>
    public MembersAnswered Without(string member) => Missing.Contains(member) ? this : this with { Missing = [.. Missing, member] };

    public int Answered => Asked - Missing.Count;

    public bool AreAll => Missing.Count == 0;
}
