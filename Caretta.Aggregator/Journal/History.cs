using System.Numerics;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// One number for all that was ever written into a shard's journal, in its order: each event turns it into another one. A journal that is put back
/// to an earlier state begins another history. Two things depend on which one it is. An event names the history it was written on; a writer
/// that did not notice writes on one that is gone, and its events are not read. And a source's watermark builds on what its shard once said it
/// holds, which is true of every history that goes on from there, and of no other: not even of one that holds as high a sequence, since a
/// poll's links may have been split between what is there and what is lost.
/// </summary>
internal static class History
{
    /// <summary>Nothing at all: every history goes on from it. Also of events and members that are older than this and say none.</summary>
    public const ulong Nothing = 0;

    /// <summary>No history goes on from it.</summary>
    public const ulong OfNobody = ulong.MaxValue;

    public static ulong After(ulong history, ulong eventId)
    {
        if (eventId == 0)
        {
            return history;
        }

        var mixed = (BitOperations.RotateLeft(history, 23) ^ eventId) * 0x9E3779B97F4A7C15;
        mixed ^= mixed >> 32;
        return mixed is Nothing or OfNobody ? 1 : mixed;
    }
}
