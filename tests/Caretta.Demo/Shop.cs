namespace Caretta.Demo;

/// <summary>A small shop: what runs in it, and who talks to whom.</summary>
internal static class Shop
{
    /// <summary>Names for what is outside, as the aggregator's setting ExternalGroups.</summary>
    public const string ExternalGroups = "customers=203.0.113.0/24,card-gateway=198.51.100.7/32,mail-relay=198.51.100.25/32";

    private const string CardGateway = "198.51.100.7";
    private const string MailRelay = "198.51.100.25";

    public static IReadOnlyList<Workload> Workloads { get; } =
    [
        new("edge", "Deployment", "gateway", 2),
        new("shop", "Deployment", "frontend", 2),
        new("shop", "Deployment", "catalog"),
        new("shop", "Deployment", "cart"),
        new("shop", "Deployment", "checkout"),
        new("shop", "Deployment", "payments"),
        new("shop", "Deployment", "shipping"),
        new("shop", "Deployment", "recommendations"),
        new("shop", "Deployment", "email"),
        new("data", "StatefulSet", "orders-db"),
        new("data", "StatefulSet", "cart-cache"),
        new("data", "StatefulSet", "queue"),
        new("data", "CronJob", "nightly-report"),
        new("platform", "Deployment", "prometheus"),
        new("platform", "DaemonSet", "log-shipper"),
        new("platform", "Deployment", "feature-store"),
    ];

    public static IReadOnlyList<string> Externals { get; } = ["203.0.113.10", "203.0.113.11", "203.0.113.12", CardGateway, MailRelay];

    public static IReadOnlyList<Conversation> Conversations { get; } =
    [
        new("203.0.113.10", "edge/gateway", 443, 8, 600, 18_000),
        new("203.0.113.11", "edge/gateway", 443, 5, 600, 22_000),
        new("203.0.113.12", "edge/gateway", 443, 3, 700, 9_000) { RequestsPerConnection = 5 },
        new("edge/gateway", "shop/frontend", 8080, 16, 800, 16_000),
        new("shop/frontend", "shop/catalog", 8080, 14, 300, 6_000),
        new("shop/frontend", "shop/cart", 8080, 8, 400, 900),
        new("shop/frontend", "shop/recommendations", 8080, 6, 250, 2_500),
        new("shop/frontend", "shop/checkout", 8080, 3, 1_200, 700),
        new("shop/catalog", "data/orders-db", 5432, 10, 220, 9_000) { RequestsPerConnection = 5_000 },
        new("shop/cart", "data/cart-cache", 6379, 20, 90, 450) { RequestsPerConnection = 5_000 },
        new("shop/checkout", "data/orders-db", 5432, 6, 700, 300) { RequestsPerConnection = 5_000 },
        new("shop/checkout", "shop/payments", 8443, 3, 900, 300),
        new("shop/checkout", "data/queue", 5672, 3, 2_400, 60) { RequestsPerConnection = 5_000 },
        new("shop/payments", CardGateway, 443, 3, 1_500, 800) { RequestsPerConnection = 1 },
        new("data/queue", "shop/shipping", 8080, 2, 2_400, 60) { RequestsPerConnection = 200 },
        new("data/queue", "shop/email", 8080, 2, 1_800, 60) { RequestsPerConnection = 200 },
        new("shop/email", MailRelay, 587, 1, 6_000, 200) { RequestsPerConnection = 1 },
        new("shop/shipping", "data/orders-db", 5432, 2, 300, 900) { RequestsPerConnection = 5_000 },
        new("shop/recommendations", "platform/feature-store", 8500, 1, 200, 0) { Fails = true },
        new("shop/recommendations", "data/cart-cache", 6379, 4, 90, 1_200) { RequestsPerConnection = 5_000 },
        new("data/nightly-report", "data/orders-db", 5432, 0.5, 300, 400_000) { RequestsPerConnection = 20 },
        new("platform/prometheus", "shop/frontend", 9090, 0.4, 200, 40_000) { RequestsPerConnection = 1 },
        new("platform/prometheus", "shop/checkout", 9090, 0.2, 200, 40_000) { RequestsPerConnection = 1 },
        new("platform/prometheus", "data/orders-db", 9187, 0.2, 200, 60_000) { RequestsPerConnection = 1 },
        new("platform/log-shipper", "platform/prometheus", 4317, 4, 12_000, 20) { RequestsPerConnection = 500 },
    ];
}
