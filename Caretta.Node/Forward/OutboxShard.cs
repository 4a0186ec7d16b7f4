using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>What one shard still has to hear.</summary>
internal sealed class OutboxShard
{
    /// <summary>It has said on this stream what it holds.</summary>
    public bool IsOpen { get; set; }

    /// <summary>What it last said; null if nothing since this process began.</summary>
    public ulong? Acked { get; set; }

    /// <summary>Which of its openings on this stream is the latest.</summary>
    public uint Opening { get; set; }

    public OutboxBatch? InFlight { get; set; }

    /// <summary>Links whose latest report it is not known to hold.</summary>
    public HashSet<NetworkLink> Dirty { get; } = [];

    /// <summary>
    /// Links it has acknowledged, but not by its watermark: their poll had more links than a batch takes. A journal put back to an earlier
    /// state may have the same watermark and not these.
    /// </summary>
    public HashSet<NetworkLink> Uncovered { get; } = [];
}
