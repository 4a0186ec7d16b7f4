namespace Caretta.Aggregator.Map.Model;

/// <summary>The numbers of one edge, or of several together. Nothing is counted twice: an edge's two roles are joined before.</summary>
/// <param name="Links">Series on /metrics: one per role that was observed.</param>
/// <param name="RttMicroseconds">Of lately, where there were samples; else of all time.</param>
/// <param name="FirstMs">Unix time; 0: not known.</param>
internal readonly record struct EdgeSums(
    int Links,
    ulong BytesToServer,
    ulong BytesToClient,
    double RateToServer,
    double RateToClient,
    ulong Active,
    ulong Opened,
    ulong Failed,
    double OpenedRate,
    double FailedRate,
    ulong RttMicroseconds,
    ulong RttSamples,
    long FirstMs,
    long LastMs)
{
    public double Rate => RateToServer + RateToClient;

    public ulong Bytes => Add(BytesToServer, BytesToClient);

    public double RttMs => RttSamples == 0 ? 0 : RttMicroseconds / 1000.0 / RttSamples;

    public static EdgeSums operator +(in EdgeSums a, in EdgeSums b) => new(
        a.Links + b.Links,
        Add(a.BytesToServer, b.BytesToServer),
        Add(a.BytesToClient, b.BytesToClient),
        a.RateToServer + b.RateToServer,
        a.RateToClient + b.RateToClient,
        Add(a.Active, b.Active),
        Add(a.Opened, b.Opened),
        Add(a.Failed, b.Failed),
        a.OpenedRate + b.OpenedRate,
        a.FailedRate + b.FailedRate,
        Add(a.RttMicroseconds, b.RttMicroseconds),
        Add(a.RttSamples, b.RttSamples),
        a.Links == 0 ? b.FirstMs : b.Links == 0 ? a.FirstMs : Math.Min(a.FirstMs, b.FirstMs), // not known of one: not of both
        Math.Max(a.LastMs, b.LastMs));

    /// <summary>Two ends of the same connections.</summary>
    /// <param name="client">What its client's end saw; null: nobody looked there.</param>
    /// <param name="nowMs">When a link with open connections was last seen.</param>
    public static EdgeSums Join(LinkFact? client, LinkFact? server, long nowMs)
    {
        var (byClient, byServer) = (client is null ? default : OfClient(client, nowMs), server is null ? default : OfServer(server, nowMs));
        var recent = byClient.RttSamples + byServer.RttSamples > 0;
        return new EdgeSums(
            byClient.Links + byServer.Links,
            Math.Max(byClient.BytesToServer, byServer.BytesToServer),
            Math.Max(byClient.BytesToClient, byServer.BytesToClient),
            Math.Max(byClient.RateToServer, byServer.RateToServer),
            Math.Max(byClient.RateToClient, byServer.RateToClient),
            Math.Max(byClient.Active, byServer.Active),
            Math.Max(byClient.Opened, byServer.Opened),
            Math.Max(byClient.Failed, byServer.Failed),
            Math.Max(byClient.OpenedRate, byServer.OpenedRate),
            Math.Max(byClient.FailedRate, byServer.FailedRate),
            recent ? byClient.RttMicroseconds + byServer.RttMicroseconds : Add(client?.Figures.RttMicroseconds ?? 0, server?.Figures.RttMicroseconds ?? 0),
            recent ? byClient.RttSamples + byServer.RttSamples : Add(client?.Figures.RttSamples ?? 0, server?.Figures.RttSamples ?? 0),
            client is null ? byServer.FirstMs : server is null ? byClient.FirstMs : Math.Min(byClient.FirstMs, byServer.FirstMs),
            Math.Max(byClient.LastMs, byServer.LastMs));
    }

    private static EdgeSums OfClient(LinkFact link, long nowMs) => Of(
        link, link.Figures.SentBytes, link.Figures.ReceivedBytes, link.Rates.Sent, link.Rates.Received, nowMs);

    private static EdgeSums OfServer(LinkFact link, long nowMs) => Of(
        link, link.Figures.ReceivedBytes, link.Figures.SentBytes, link.Rates.Received, link.Rates.Sent, nowMs);

    private static EdgeSums Of(LinkFact link, ulong toServer, ulong toClient, double rateToServer, double rateToClient, long nowMs) => new(
        1,
        toServer,
        toClient,
        rateToServer,
        rateToClient,
        link.Levels.ActiveConnections,
        link.Figures.Opened,
        link.Figures.Failed,
        link.Rates.Opened,
        link.Rates.Failed,
        link.Rates.RttMicroseconds,
        link.Rates.RttSamples,
        link.Seen.FirstMs,
        link.Levels.ActiveConnections > 0 ? Math.Max(nowMs, link.Seen.LastMs) : link.Seen.LastMs);

    private static ulong Add(ulong a, ulong b) => a <= ulong.MaxValue - b ? a + b : ulong.MaxValue;
}
