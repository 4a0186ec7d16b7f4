namespace Caretta.Aggregator.Map.Model;

/// <summary>What goes in and out of a workload or of several. What stays among them goes out and comes in.</summary>
internal sealed class NodeSums
{
    public ulong BytesOut { get; private set; }

    public ulong BytesIn { get; private set; }

    public double RateOut { get; private set; }

    public double RateIn { get; private set; }

    public ulong Active { get; private set; }

    public ulong Opened { get; private set; }

    public ulong Failed { get; private set; }

    public double FailedRate { get; private set; }

    public double Rate => RateOut + RateIn;

    public ulong Bytes => Sum(BytesOut, BytesIn);

    /// <summary>Their connections count once where both ends are here.</summary>
    public static void Add(NodeSums client, NodeSums server, in EdgeSums edge)
    {
        client.BytesOut = Sum(client.BytesOut, edge.BytesToServer);
        client.BytesIn = Sum(client.BytesIn, edge.BytesToClient);
        client.RateOut += edge.RateToServer;
        client.RateIn += edge.RateToClient;
        server.BytesOut = Sum(server.BytesOut, edge.BytesToClient);
        server.BytesIn = Sum(server.BytesIn, edge.BytesToServer);
        server.RateOut += edge.RateToClient;
        server.RateIn += edge.RateToServer;
        client.AddConnections(edge);
        if (client != server)
        {
            server.AddConnections(edge);
        }
    }

    private void AddConnections(in EdgeSums edge)
    {
        Active = Sum(Active, edge.Active);
        Opened = Sum(Opened, edge.Opened);
        Failed = Sum(Failed, edge.Failed);
        FailedRate += edge.FailedRate;
    }

    private static ulong Sum(ulong a, ulong b) => a <= ulong.MaxValue - b ? a + b : ulong.MaxValue;
}
