using Caretta.Messages;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>A shop in three namespaces with one external, and what its links amount to. Payments to fraud-check fail more often than not.</summary>
internal static class Shop
{
    private static readonly Workload Gateway = new("shop", "Deployment", "gateway");
    private static readonly Workload Storefront = new("shop", "Deployment", "storefront");
    private static readonly Workload Cart = new("shop", "Deployment", "cart");
    private static readonly Workload Payments = new("payments", "Deployment", "payments");
    private static readonly Workload FraudCheck = new("payments", "Deployment", "fraud-check");
    private static readonly Workload Orders = new("data", "StatefulSet", "orders-db");
    private static readonly Workload Bank = new("external", "external", "bank.example");

    private static readonly Edge[] Edges =
    [
        new(Gateway, Storefront, 8080, ToServer: 2_000_000, ToClient: 60_000_000, Opened: 40, Failed: 0),
        new(Storefront, Cart, 7070, ToServer: 300_000, ToClient: 900_000, Opened: 20, Failed: 0),
        new(Cart, Payments, 50051, ToServer: 40_000, ToClient: 7_000, Opened: 10, Failed: 0),
        new(Payments, FraudCheck, 9000, ToServer: 5_000, ToClient: 1_000, Opened: 2, Failed: 6),
        new(Payments, Orders, 5432, ToServer: 11_000, ToClient: 22_000, Opened: 3, Failed: 0),
        new(Cart, Orders, 5432, ToServer: 13_000, ToClient: 44_000, Opened: 4, Failed: 0),
        new(Payments, Bank, 443, ToServer: 8_000, ToClient: 9_000, Opened: 5, Failed: 0),
    ];

    /// <summary>Both roles of every connection, but for the external's, after so many rounds of the same traffic.</summary>
    public static IEnumerable<(NetworkLink Link, LinkTotals Totals)> After(int rounds) => Edges.SelectMany(edge => edge.After(rounds));

    /// <summary>Traffic of once: its numbers stay what they are.</summary>
    public static IEnumerable<(NetworkLink Link, LinkTotals Totals)> Archive() =>
        new Edge(new Workload("archive", "Job", "dump"), Orders, 2222, ToServer: 1_234_567, ToClient: 89_000, Opened: 3, Failed: 0).After(1);

    /// <summary>Somebody new dials the orders.</summary>
    public static IEnumerable<(NetworkLink Link, LinkTotals Totals)> Newcomer() =>
        new Edge(new Workload("jobs", "CronJob", "nightly-report"), Orders, 5432, ToServer: 1_000, ToClient: 123_000, Opened: 1, Failed: 0).After(1);

    private sealed record Edge(Workload Client, Workload Server, ushort Port, ulong ToServer, ulong ToClient, ulong Opened, ulong Failed)
    {
        public IEnumerable<(NetworkLink Link, LinkTotals Totals)> After(int rounds)
        {
            var times = (ulong)rounds;
            yield return (new NetworkLink(Client, Server, Port, Role.Client), Totals(ToServer * times, ToClient * times, times));
            if (Server.Kind != "external")
            {
                yield return (new NetworkLink(Client, Server, Port, Role.Server), Totals(ToClient * times, ToServer * times, times));
            }
        }

        private LinkTotals Totals(ulong sent, ulong received, ulong times) =>
            new(sent, received, sent, received, Opened * times, Opened * times, Failed * times, 0, 700 * times, times, 1_000);
    }
}
