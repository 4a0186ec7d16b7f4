using System.Runtime.CompilerServices;
using Caretta.Messages;

namespace Caretta.Aggregator.Map.Trails;

/// <summary>What rates are made of, as it was at one sample.</summary>
internal readonly record struct Reading(ulong Sent, ulong Received, ulong Opened, ulong Failed, ulong RttMicroseconds, ulong RttSamples)
{
    public static Reading Of(in LinkTotals totals) =>
        new(totals.SentBytes, totals.ReceivedBytes, totals.Opened, totals.Failed, totals.RttMicroseconds, totals.RttSamples);

    /// <summary>A total that fell, as after a database was put back, has no rate.</summary>
    public LinkRates Since(in Reading before, double seconds) => new(
        Rate(Sent, before.Sent, seconds),
        Rate(Received, before.Received, seconds),
        Rate(Opened, before.Opened, seconds),
        Rate(Failed, before.Failed, seconds),
        Grown(RttMicroseconds, before.RttMicroseconds),
        Grown(RttSamples, before.RttSamples));

    public static float Rate(ulong now, ulong before, double seconds) => seconds <= 0 ? 0 : (float)(Grown(now, before) / seconds);

    private static ulong Grown(ulong now, ulong before) => now > before ? now - before : 0;
}

/// <summary>The latest ones of a link, by the sample's number.</summary>
[InlineArray(Count)]
internal struct Readings
{
    public const int Count = 4;

    private Reading _first;

    public static int SlotOf(long sample) => (int)(sample % Count);
}
