namespace Caretta.Aggregator.Map.Model;

/// <summary>All connections of one workload to another's port, seen by one end or both.</summary>
internal sealed record MapEdge(ulong Id, MapWorkload From, MapWorkload To, ushort Port, LinkFact? ByClient, LinkFact? ByServer, EdgeSums Sums)
{
    public IEnumerable<LinkFact> Roles
    {
        get
        {
            if (ByClient is not null)
            {
                yield return ByClient;
            }

            if (ByServer is not null)
            {
                yield return ByServer;
            }
        }
    }
}
