using Caretta.Messages;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>What goes over one edge in a round.</summary>
/// <param name="Retransmitted">By the client; the server retransmits twice as much.</param>
/// <param name="RttMicroseconds">Of each sample; there is one a round at each end.</param>
/// <param name="Active">Connections open all the time.</param>
internal sealed record TradeEdge(
    Workload Client, Workload Server, ushort Port, ulong ToServer, ulong ToClient, ulong Opened, ulong Failed, ulong Retransmitted, ulong RttMicroseconds, uint Active)
{
    /// <summary>As seen by each end that is watched, after so many rounds.</summary>
    public IEnumerable<(NetworkLink Link, LinkTotals Totals, LinkLevels Levels)> After(ulong rounds)
    {
        if (IsWatched(Client))
        {
            yield return (new NetworkLink(Client, Server, Port, Role.Client), Totals(ToServer, ToClient, Failed, Retransmitted, rounds), Levels);
        }

        if (IsWatched(Server))
        {
            // This end's agent came later: its totals are smaller, and grow by the same.
            yield return (new NetworkLink(Client, Server, Port, Role.Server), Totals(ToClient, ToServer, 0, Retransmitted * 2, rounds - 100), Levels);
        }
    }

    public ulong Ends => (IsWatched(Client) ? 1UL : 0) + (IsWatched(Server) ? 2UL : 0);

    private LinkLevels Levels => LinkLevels.Of([0, Active]);

    private static bool IsWatched(Workload end) => end.Namespace != "external";

    private LinkTotals Totals(ulong sent, ulong received, ulong failed, ulong retransmitted, ulong rounds) => new(
        sent * rounds, received * rounds, sent * rounds, received * rounds, Opened * rounds, Opened * rounds, failed * rounds,
        retransmitted * rounds, RttMicroseconds * rounds, rounds, 1_000 * rounds);
}
