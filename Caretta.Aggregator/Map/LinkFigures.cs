using Caretta.Messages;

namespace Caretta.Aggregator.Map;

/// <summary>The totals of a link that the map shows.</summary>
internal readonly record struct LinkFigures(
    ulong SentBytes,
    ulong ReceivedBytes,
    ulong Opened,
    ulong Closed,
    ulong Failed,
    ulong RetransmittedBytes,
    ulong RttMicroseconds,
    ulong RttSamples)
{
    /// <summary>Grows whenever one of them does: of two answers about one link the greater is the later.</summary>
    public UInt128 Progress => (UInt128)SentBytes + ReceivedBytes + Opened + Closed + Failed + RetransmittedBytes + RttSamples;

    public static LinkFigures Of(in LinkTotals totals) => new(
        totals.SentBytes,
        totals.ReceivedBytes,
        totals.Opened,
        totals.Closed,
        totals.Failed,
        totals.RetransmittedBytes,
        totals.RttMicroseconds,
        totals.RttSamples);
}
