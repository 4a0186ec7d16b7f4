namespace Caretta.Messages;

/// <summary>What one source has counted on one link since its incarnation began. Every member only grows.</summary>
/// <param name="SentBytes">Payload the peer acknowledged, open and closed connections together.</param>
/// <param name="ReceivedBytes">Payload received from the peer.</param>
/// <param name="PastSentBytes">The part of <paramref name="SentBytes"/> by closed connections.</param>
/// <param name="PastReceivedBytes">The part of <paramref name="ReceivedBytes"/> by closed connections.</param>
/// <param name="Opened">Connections that were established.</param>
/// <param name="Closed">Established connections that ended.</param>
/// <param name="Failed">Connections that ended before they were established.</param>
/// <param name="RttMicroseconds">Sum of the round-trip samples.</param>
/// <param name="LifetimeMicroseconds">Sum over closed connections.</param>
public readonly record struct LinkTotals(
    ulong SentBytes,
    ulong ReceivedBytes,
    ulong PastSentBytes,
    ulong PastReceivedBytes,
    ulong Opened,
    ulong Closed,
    ulong Failed,
    ulong RetransmittedBytes,
    ulong RttMicroseconds,
    ulong RttSamples,
    ulong LifetimeMicroseconds)
{
    /// <summary>Counter by counter: what the flows of a link, or the sources of a link, amount to. It stays at the greatest number
    /// rather than begin anew: whatever one source claims, the sum with it is not less than without.</summary>
    public static LinkTotals operator +(LinkTotals a, LinkTotals b) => new(
        Sum(a.SentBytes, b.SentBytes),
        Sum(a.ReceivedBytes, b.ReceivedBytes),
        Sum(a.PastSentBytes, b.PastSentBytes),
        Sum(a.PastReceivedBytes, b.PastReceivedBytes),
        Sum(a.Opened, b.Opened),
        Sum(a.Closed, b.Closed),
        Sum(a.Failed, b.Failed),
        Sum(a.RetransmittedBytes, b.RetransmittedBytes),
        Sum(a.RttMicroseconds, b.RttMicroseconds),
        Sum(a.RttSamples, b.RttSamples),
        Sum(a.LifetimeMicroseconds, b.LifetimeMicroseconds));

    /// <summary>Counter by counter, 0 where <paramref name="b"/> is the greater.</summary>
    public static LinkTotals operator -(LinkTotals a, LinkTotals b) => new(
        Less(a.SentBytes, b.SentBytes),
        Less(a.ReceivedBytes, b.ReceivedBytes),
        Less(a.PastSentBytes, b.PastSentBytes),
        Less(a.PastReceivedBytes, b.PastReceivedBytes),
        Less(a.Opened, b.Opened),
        Less(a.Closed, b.Closed),
        Less(a.Failed, b.Failed),
        Less(a.RetransmittedBytes, b.RetransmittedBytes),
        Less(a.RttMicroseconds, b.RttMicroseconds),
        Less(a.RttSamples, b.RttSamples),
        Less(a.LifetimeMicroseconds, b.LifetimeMicroseconds));

    /// <summary>Counter by counter: what makes redelivery and reordering of totals harmless.</summary>
    public static LinkTotals Max(LinkTotals a, LinkTotals b) => new(
        Math.Max(a.SentBytes, b.SentBytes),
        Math.Max(a.ReceivedBytes, b.ReceivedBytes),
        Math.Max(a.PastSentBytes, b.PastSentBytes),
        Math.Max(a.PastReceivedBytes, b.PastReceivedBytes),
        Math.Max(a.Opened, b.Opened),
        Math.Max(a.Closed, b.Closed),
        Math.Max(a.Failed, b.Failed),
        Math.Max(a.RetransmittedBytes, b.RetransmittedBytes),
        Math.Max(a.RttMicroseconds, b.RttMicroseconds),
        Math.Max(a.RttSamples, b.RttSamples),
        Math.Max(a.LifetimeMicroseconds, b.LifetimeMicroseconds));

    private static ulong Sum(ulong a, ulong b) => a <= ulong.MaxValue - b ? a + b : ulong.MaxValue;

    private static ulong Less(ulong a, ulong b) => a > b ? a - b : 0;
}
