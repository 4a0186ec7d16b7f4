using System.Globalization;
using Caretta.EndToEnd.Tests.Page;
using Caretta.Messages;
using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>
/// The form that docs/queries.md calls safe, on real servers, against what the agents counted: while links move, a member is killed and links expire.
/// Beside it the raw form, which is off by more than a percent in each.
/// </summary>
public sealed class SafeFormSpecs
{
    private const string Interval = "250ms";

    /// <summary>Prometheus extrapolates by up to one and a half intervals: so many samples keep that under one percent. VictoriaMetrics does not.</summary>
    private const int Samples = 220;

    private const string Fleets = $"client_namespace=\"{ThreeMembers.Clients}\"";
    private const string Cart = "client_name=\"cart\"";
    private const ulong Before = 5_000_000_000;
    private const ulong Growth = 3_000_000;

    private static readonly NetworkLink Busy = Link("orders", 5432);
    private static readonly NetworkLink Rare = Link("archive", 9000);

    [MonitoringFact]
    public async Task The_safe_form_tells_the_truth_across_a_rebalance_a_kill_and_an_expiry_and_the_raw_form_does_not()
    {
        await using var members = await ThreeMembers.StartTwo();
        await members.Trade(300, TimeSpan.FromMilliseconds(10), () => Task.CompletedTask);
        await using var monitoring = await Monitoring.Start(members.HttpPorts, [], Interval);
        await Shows(monitoring, Fleets, members.Sent);
        List<string> wrong = [];

        var (start, sent) = (await Rests(monitoring, Fleets), members.Sent);
        await members.Trade(60, TimeSpan.FromMilliseconds(200), members.Join);
        await Shows(monitoring, Fleets, members.Sent);
        wrong.AddRange(await Judge(monitoring, "rebalance", Fleets, start, members.Sent - sent));

        (start, sent) = (await Rests(monitoring, Fleets), members.Sent);
        await members.Trade(60, TimeSpan.FromMilliseconds(200), () => members.Kill(1));
        await Shows(monitoring, Fleets, members.Sent);
        wrong.AddRange(await Judge(monitoring, "kill", Fleets, start, members.Sent - sent));

        await using var agent = await ShopAgent.OpenAsync(members.Ingress(0), "shop-node", pollIntervalMs: 600_000);
        await agent.ReportAsync([(Busy, Sent(Before)), (Rare, Sent(Before))]);
        await Shows(monitoring, Cart, 2 * Before);
        start = await Rests(monitoring, Cart);
        await Expires(monitoring, agent);
        await agent.ReportAsync([(Busy, Sent(Before + Growth)), (Rare, Sent(Before + Growth))]);
        await Shows(monitoring, Cart, 2 * (Before + Growth));
        wrong.AddRange(await Judge(monitoring, "expiry", Cart, start, 2 * Growth));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static NetworkLink Link(string server, ushort port) =>
        new(new Workload("shop", "Deployment", "cart"), new Workload("data", "StatefulSet", server), port, Role.Client);

    private static LinkTotals Sent(ulong bytes) => new(bytes, bytes, bytes, bytes, 1, 1, 0, 0, 1, 1, 1);

    private static async Task Shows(Monitoring monitoring, string which, double sent)
    {
        // To the byte: a link that is away for a moment may be less than a percent.
        foreach (var server in monitoring.Servers)
        {
            var query = $"sum(caretta:link_bytes:max{{direction=\"to_server\", {which}}})";
            double found = 0;
            await Eventually.True(
                async () => (await server.AskAsync(query) is [var only] ? found = only.Value : 0) == sent,
                () => $"{query} = {sent} at {server}, which says {found}\n{monitoring.Logs}");
        }
    }

    /// <summary>Until the link nobody reports is no longer scraped, while the other one is.</summary>
    private static async Task Expires(Monitoring monitoring, ShopAgent agent)
    {
        foreach (var server in monitoring.Servers)
        {
            await Eventually.True(
                async () =>
                {
                    await agent.ReportAsync([(Busy, Sent(Before))]);
                    return await server.AskAsync($"sum(caretta:link_bytes:max{{direction=\"to_server\", {Cart}}})") is [{ Value: Before }];
                },
                () => $"an end of the link nobody reports at {server}");
        }
    }

    private static async Task<List<string>> Judge(Monitoring monitoring, string name, string which, DateTimeOffset start, double truth)
    {
        List<string> wrong = [];
        foreach (var server in monitoring.Servers)
        {
            var (window, at) = await Window(server, which, start, server == monitoring.Prometheus ? Samples : Samples / 10);
            var safe = Only(await server.AskAsync($"sum(max without (link_id, role) (increase(caretta:link_bytes:max{{direction=\"to_server\", {which}}}[{window}])))", at));
            var raw = Only(await server.AskAsync($"increase((sum by (client_namespace) (caretta_links_observed{{{which}}}))[{window}:])", at, step: "1s"));
            var said = string.Create(CultureInfo.InvariantCulture, $"{name} at {server}: truth {truth}, safe {safe / truth:P2}, raw {raw / truth:P2} in {window}");
            TestContext.Current.TestOutputHelper?.WriteLine(said);
            if (!Near.Is(safe, truth) || Near.Is(raw, truth))
            {
                wrong.Add(said);
            }
        }

        return wrong;
    }

    /// <summary>The beginning of some samples of each link in which nothing changed: Prometheus' increase begins at the first one in its window.</summary>
    private static async Task<DateTimeOffset> Rests(Monitoring monitoring, string which)
    {
        var start = DateTimeOffset.UtcNow;
        foreach (var server in monitoring.Servers)
        {
            await Window(server, which, start, samples: 6);
        }

        return start;
    }

    /// <summary>From the start until there are so many samples of each link that extrapolation does not matter.</summary>
    private static async Task<(string Window, double At)> Window(PromQl server, string which, DateTimeOffset start, int samples)
    {
        var (window, at) = ("", 0.0);
        await Eventually.True(
            async () =>
            {
                var now = DateTimeOffset.UtcNow;
                at = now.ToUnixTimeMilliseconds() / 1000.0;
                window = string.Create(CultureInfo.InvariantCulture, $"{(long)(now - start).TotalSeconds}s");
                return window != "0s"
                    && await server.AskAsync($"min(count_over_time(caretta:link_bytes:max{{direction=\"to_server\", {which}}}[{window}]))", at) is [var only]
                    && only.Value >= samples;
            },
            () => $"{samples} samples at {server}",
            Monitoring.Patience);
        return (window, at);
    }

    private static double Only(IReadOnlyList<QueriedSeries> answer) => Assert.Single(answer).Value;
}
