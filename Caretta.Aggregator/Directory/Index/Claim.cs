using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>
/// That something has an address, or a uid. An address can carry traffic before the API server tells of it, so the claim is presumed from the
/// creation of its holder on, and seen from its receipt.
/// </summary>
internal abstract class Claim(Holder holder, TimeSpan seen)
{
    public Holder Holder { get; } = holder;

    public TimeSpan Since => Holder.CreatedAt;

    public TimeSpan Seen { get; } = seen;

    /// <summary>The end of time while it is held up.</summary>
    public TimeSpan Until { get; set; } = TimeSpan.MaxValue;

    public bool IsOpen => Until == TimeSpan.MaxValue;

    /// <summary>The next claim to the same address.</summary>
    public Claim? Rival { get; set; }

    public Claim? NextOfHolder { get; set; }

    public abstract Subject Subject { get; }

    public bool CoversTime(TimeSpan time) => Since <= time && time < Until;

    /// <summary>Which of two claims that cover a time counts: by rank, then the seen before the presumed, then the one seen last.</summary>
    public bool IsBetterAt(TimeSpan time, Claim other) =>
        (Holder.RankAt(time), Seen <= time, Seen).CompareTo((other.Holder.RankAt(time), other.Seen <= time, other.Seen)) > 0;

    /// <summary>
    /// Which of two ended claims is answered for when nobody has come since: the one that ended last; a finished pod had let go of its address before.
    /// </summary>
    public bool IsBetterTombstoneThan(Claim other) => Tombstone.CompareTo(other.Tombstone) > 0;

    private (bool, TimeSpan, ClaimRank, TimeSpan) Tombstone
    {
        get
        {
            var rank = Holder.RankBefore(Until);
            return (rank != ClaimRank.FinishedPod, Until, rank, Seen);
        }
    }
}
