namespace Caretta.Aggregator.Directory.Index;

/// <summary>A node, service or endpoint slice: it neither finishes nor has a controller to be called after.</summary>
internal sealed class FixedEntry(Guid uid, TimeSpan createdAt, ClaimRank rank) : Holder(uid, createdAt)
{
    public override ClaimRank RankAt(TimeSpan time) => rank;

    public override ClaimRank RankBefore(TimeSpan time) => rank;
}
