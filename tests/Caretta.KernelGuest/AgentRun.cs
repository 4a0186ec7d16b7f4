using System.Globalization;
using Caretta.Messages;
using Caretta.Node.Ledger;

namespace Caretta.KernelGuest;

/// <summary>Traffic beside a running agent, and what its ledger has of it.</summary>
internal static class AgentRun
{
    public const int Connections = 30;

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

    public static (int Port, ulong ToServer, ulong ToClient) Moved(string file)
    {
        var words = File.ReadAllText(file).Split(' ').Select(word => ulong.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return ((int)words[0], words[1], words[2]);
    }

    public static Facts Compare(string file, string dataFolder, string name)
    {
        var (port, toServer, toClient) = Moved(file);
        var links = LedgerFile.ReadAll(dataFolder).Links.Where(link => link.Link.ServerPort == port).ToList();
        var (client, server) = (Sum(Role.Client), Sum(Role.Server));
        var facts = new Facts(name);
        facts.Pair("client-sent", toServer, client.SentBytes);
        facts.Pair("client-received", toClient, client.ReceivedBytes);
        facts.Pair("server-sent", toClient, server.SentBytes);
        facts.Pair("server-received", toServer, server.ReceivedBytes);
        facts.Pair("opened", Connections, client.Opened);
        facts.Pair("closed", Connections, server.Closed);
        return facts;

        LinkTotals Sum(Role role) => links.Where(link => link.Link.Role == role).Aggregate(default(LinkTotals), (sum, link) => sum + link.Totals);
    }
}
