using Caretta.Messages;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>A shop with customers and a bank outside, and exactly what its links carry.</summary>
internal static class Trade
{
    /// <summary>Before anybody scraped.</summary>
    public const ulong Before = 1_000;

    /// <summary>Rounds while it is scraped.</summary>
    public const ulong Rounds = 40;

    private static readonly Workload Customers = new("external", "external", "customers");
    private static readonly Workload Gateway = new("shop", "Deployment", "gateway");
    private static readonly Workload Cart = new("shop", "Deployment", "cart");
    private static readonly Workload Payments = new("payments", "Deployment", "payments");
    private static readonly Workload Orders = new("data", "StatefulSet", "orders-db");
    private static readonly Workload Bank = new("external", "external", "bank.example");

    public static IReadOnlyList<TradeEdge> Edges { get; } =
    [
        new(Customers, Gateway, 443, ToServer: 9_000, ToClient: 180_000, Opened: 7, Failed: 0, Retransmitted: 50, RttMicroseconds: 40_000, Active: 11),
        new(Gateway, Cart, 8080, ToServer: 20_000, ToClient: 60_000, Opened: 4, Failed: 0, Retransmitted: 10, RttMicroseconds: 300, Active: 5),
        new(Cart, Orders, 5432, ToServer: 13_000, ToClient: 44_000, Opened: 3, Failed: 0, Retransmitted: 4, RttMicroseconds: 500, Active: 3),
        new(Cart, Cart, 7946, ToServer: 1_500, ToClient: 1_700, Opened: 2, Failed: 0, Retransmitted: 3, RttMicroseconds: 200, Active: 2),
        new(Cart, Payments, 8443, ToServer: 4_000, ToClient: 700, Opened: 2, Failed: 6, Retransmitted: 2, RttMicroseconds: 400, Active: 1),
        new(Payments, Orders, 5432, ToServer: 11_000, ToClient: 22_000, Opened: 1, Failed: 0, Retransmitted: 5, RttMicroseconds: 600, Active: 4),
        new(Payments, Bank, 443, ToServer: 8_000, ToClient: 9_000, Opened: 5, Failed: 1, Retransmitted: 9, RttMicroseconds: 20_000, Active: 1),
    ];

    /// <summary>Both ends of every connection that are watched.</summary>
    public static IEnumerable<(NetworkLink Link, LinkTotals Totals, LinkLevels Levels)> After(ulong rounds) => Edges.SelectMany(edge => edge.After(rounds));
}
