using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>What no source ever counted on one link: 72 petabytes.</summary>
internal static class TotalBound
{
    public const ulong Max = 1UL << 56;

    public static ulong Largest(in LinkTotals totals) => new[]
    {
        totals.SentBytes, totals.ReceivedBytes, totals.PastSentBytes, totals.PastReceivedBytes, totals.Opened, totals.Closed, totals.Failed,
        totals.RetransmittedBytes, totals.RttMicroseconds, totals.RttSamples, totals.LifetimeMicroseconds,
    }.Max();
}
