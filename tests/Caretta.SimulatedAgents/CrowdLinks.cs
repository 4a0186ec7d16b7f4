using Caretta.Messages;

namespace Caretta.SimulatedAgents;

/// <summary>Links of a fleet that counts for one large cluster: the same workloads for all agents, spread over namespaces that talk mostly among themselves.</summary>
public static class CrowdLinks
{
    private const ushort FirstPort = 8000;

    /// <summary>Of three servers of a workload, one is elsewhere; those are a few that all use.</summary>
    private const int Elsewhere = 3;

    /// <param name="number">From 0, over all agents; no two are the same link.</param>
    public static NetworkLink Name(FleetOptions options, int number)
    {
        var (turn, client) = Math.DivRem(number, options.Workloads);
        var server = turn % Elsewhere == Elsewhere - 1 ? Popular(options.Workloads, number) : client + (options.Namespaces * (turn + 1));
        if (server % options.Workloads == client)
        {
            server++;
        }

        return new NetworkLink(Workload(options, client), Workload(options, server % options.Workloads), (ushort)(FirstPort + turn), Role.Client);
    }

    public static string Namespace(int number) => $"team-{number:D3}";

    private static Workload Workload(FleetOptions options, int number) =>
        new(Namespace(number % options.Namespaces), "Deployment", $"service-{number}");

    private static int Popular(int workloads, int number) => (int)(workloads * Math.Pow(StableHash.Of($"{number}", "popular") / (double)ulong.MaxValue, 4));
}
