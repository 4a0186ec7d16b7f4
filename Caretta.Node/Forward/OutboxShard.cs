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

    /// <summary>The highest watermark that this process has sent to it.</summary>
    public ulong Sent { get; set; }

    /// <summary>Links whose latest report it is not known to hold, each with a sequence below which it holds all of the link's.</summary>
    public Dictionary<NetworkLink, ulong> Dirty { get; } = [];
}
