using System.Globalization;
using Caretta.Messages;
using Caretta.Node.Ledger;

namespace Caretta.KernelGuest;

/// <summary>Traffic beside a running agent, and what its ledger has of it.</summary>
internal static class AgentRun
{
    private const int Connections = 30;

    public static void Traffic(string file)
    {
        using var listener = Talk.Listen();
        var random = new Random(3);
        ulong toServer = 0, toClient = 0;
        for (var i = 0; i < Connections; i++)
        {
            using var talk = new Talk(listener);
            talk.SendToServer(random.Next(1, 200_000));
            talk.SendToClient(random.Next(1, 200_000));
            talk.Finish();
            (toServer, toClient) = (toServer + talk.ToServer, toClient + talk.ToClient);
        }

        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"{Talk.PortOf(listener)} {toServer} {toClient}"));
    }

    public static Facts Compare(string file, string dataFolder, string name)
    {
        var moved = File.ReadAllText(file).Split(' ').Select(word => ulong.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var links = LedgerFile.ReadAll(dataFolder).Links.Where(link => link.Link.ServerPort == moved[0]).ToList();
        var (client, server) = (Sum(Role.Client), Sum(Role.Server));
        var facts = new Facts(name);
        facts.Pair("client-sent", moved[1], client.SentBytes);
        facts.Pair("client-received", moved[2], client.ReceivedBytes);
        facts.Pair("server-sent", moved[2], server.SentBytes);
        facts.Pair("server-received", moved[1], server.ReceivedBytes);
        facts.Pair("opened", Connections, client.Opened);
        facts.Pair("closed", Connections, server.Closed);
        return facts;

        LinkTotals Sum(Role role) => links.Where(link => link.Link.Role == role).Aggregate(default(LinkTotals), (sum, link) => sum + link.Totals);
    }
}
