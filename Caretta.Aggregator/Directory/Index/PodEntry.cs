namespace Caretta.Aggregator.Directory.Index;

internal sealed class PodEntry(Guid uid, TimeSpan createdAt) : Holder(uid, createdAt)
{
    /// <summary>When it was deleted; the end of time while it exists.</summary>
    public TimeSpan Until { get; set; } = TimeSpan.MaxValue;

    /// <summary>The end of time while it runs.</summary>
    public TimeSpan FinishedAt { get; set; } = TimeSpan.MaxValue;

    public bool Exists => Until == TimeSpan.MaxValue;

    /// <summary>The index does not have it any more.</summary>
    public bool IsForgotten { get; set; }

    public override ClaimRank RankAt(TimeSpan time) => FinishedAt <= time ? ClaimRank.FinishedPod : ClaimRank.Running;

    public override ClaimRank RankBefore(TimeSpan time) => FinishedAt < time ? ClaimRank.FinishedPod : ClaimRank.Running;
}
