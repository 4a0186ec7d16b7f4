namespace Caretta.Aggregator.Map.Model;

/// <summary>Who was asked for links, and who has not answered in time: then links are missing or older.</summary>
internal sealed record MembersAnswered(int Asked, IReadOnlyList<string> Missing)
{
    public static readonly MembersAnswered Nobody = new(0, []);

    public int Answered => Asked - Missing.Count;

    public bool AreAll => Missing.Count == 0;
}
