using Caretta.Aggregator.Links;

namespace Caretta.Aggregator.Exposition;

/// <summary>The series of a link, in the order of the page. <c>caretta_tcp_states</c> comes last and is written apart: one line per state.</summary>
internal static class LinkFamilies
{
    public static readonly LinkFamily Observed = Single(
        "caretta_links_observed", "gauge", "Bytes sent so far by the observed end of the link.", values => values.Totals.SentBytes);

    public static readonly LinkFamily TcpStates =
        new("caretta_tcp_states", "gauge", "Connections of the link in each TCP state; only states with connections.");

    public static readonly IReadOnlyList<LinkFamily> Full =
    [
        Observed,
        Single("caretta_link_past_bytes", "gauge", "The part of the bytes sent by closed connections.", v => v.Totals.PastSentBytes),
        Single("caretta_link_sent_bytes_total", "counter", "Payload bytes sent and acknowledged by the peer.", v => v.Totals.SentBytes),
        Single("caretta_link_received_bytes_total", "counter", "Payload bytes received.", v => v.Totals.ReceivedBytes),
        Single("caretta_link_connections_opened_total", "counter", "Connections established.", v => v.Totals.Opened),
        Single("caretta_link_connections_closed_total", "counter", "Established connections that ended.", v => v.Totals.Closed),
        Single("caretta_link_connections_failed_total", "counter", "Connections never established.", v => v.Totals.Failed),
        Single(
            "caretta_link_retransmitted_bytes_total", "counter", "Bytes sent more than once.", v => v.Totals.RetransmittedBytes),
        new(
            "caretta_link_rtt_seconds", "summary", "Round-trip time samples.",
            new LinkSample("caretta_link_rtt_seconds_sum", v => v.Totals.RttMicroseconds, InMicroseconds: true),
            new LinkSample("caretta_link_rtt_seconds_count", v => v.Totals.RttSamples)),
        new(
            "caretta_link_connection_seconds_total", "counter", "Lifetime of closed connections.",
            new LinkSample("caretta_link_connection_seconds_total", v => v.Totals.LifetimeMicroseconds, InMicroseconds: true)),
        Single("caretta_link_active_connections", "gauge", "Connections established and not yet closed.", v => v.Levels.ActiveConnections),
    ];

    private static LinkFamily Single(string name, string type, string help, Func<LinkValues, ulong> value) =>
        new(name, type, help, new LinkSample(name, value));
}
