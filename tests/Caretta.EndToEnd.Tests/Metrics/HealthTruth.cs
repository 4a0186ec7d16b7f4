using System.Globalization;
using Caretta.EndToEnd.Tests.Programs;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>What the dashboard of the programs' own health must show: what their pages say, and by how much that grew.</summary>
internal static class HealthTruth
{
    /// <param name="at">When the questions are asked, in Unix time.</param>
    public static Dictionary<string, Expected> Of(Scrape before, Scrape after, double at)
    {
        Expected Now(string name) => Expected.Only((double)after.Sum($"caretta_aggregator_{name}"));
        Expected Grew(string name) => Expected.Only((double)(after.Sum($"caretta_aggregator_{name}") - before.Sum($"caretta_aggregator_{name}")));
        Expected Agent(string name) => Expected.Only(AgentPage.Gauges[$"caretta_node_{name}"]);
        Expected AgentGrew(string name) => Expected.Only(AgentPage.Growth[$"caretta_node_{name}"]);
        var nobody = new Expected(["reason"], new Dictionary<string, double>()); // was refused here
        return new Dictionary<string, Expected>
        {
            ["Members/A"] = Now("members"),
            ["Members that export/A"] = Now("owns_links"),
            ["Journals that answer/A"] = Now("journal_available"),
            ["Agents/A"] = Expected.Only(1),
            ["Agents connected/A"] = Now("streams"),
            ["Links/A"] = Now("links"),
            ["Lost by agents/A"] = AgentGrew("lost_bytes_total"),
            ["Lost by agents/B"] = AgentGrew("loss_events_total{reason=\"ledger\"}"),
            ["Lost by agents/C"] = AgentGrew("adopted_bytes_total{reason=\"ledger\"}"),
            ["Lost by agents/D"] = AgentGrew("unobserved_bytes_total"),
            ["Lost by aggregators/A"] = Grew("reports_uncounted_total"),
            ["Lost by aggregators/B"] = Grew("reports_ignored_total"),
            ["Lost by aggregators/C"] = Grew("id_collisions_total"),
            ["Lost by aggregators/D"] = Grew("sources_refused_total"),
            ["Agents without an aggregator/A"] = Expected.Only(1),
            ["Links not acknowledged/A"] = Agent("unacked_links"),
            ["Flow table/A"] = Agent("flow_table_ratio"),
            ["Poll/A"] = Expected.Only(AgentPage.PollSeconds),
            ["Waiting for a name/A"] = Agent("unnamed_bytes"),
            ["Batches/A"] = Grew("batches_received_total"),
            ["Batches/B"] = Grew("batches_acked_total"),
            ["Links by member/A"] = Now("links"),
            ["Shards by member/A"] = Now("shards"),
            ["Reports/A"] = Grew("reports_total"),
            ["Journal commits/A"] = Grew("commits_total"),
            ["Journal commit time/A"] = Expected.Only(Quantile(0.99, Buckets(before), Buckets(after))),
            ["Journal failures/A"] = Grew("persist_failures_total"),
            ["Journal failures/B"] = Grew("writers_refused_total"),
            ["Refused/A"] = nobody,
            ["Refused/B"] = nobody,
            ["Refused/C"] = nobody,
            ["Certificates/A"] = Expected.Only(0), // without TLS there is none to end
            ["Certificates/B"] = Expected.Only(0),
            ["Certificates/C"] = Expected.Only(AgentPage.Gauges["caretta_node_certificate_expiry_seconds"] - at),
        }.ToDictionary(one => $"caretta-health/{one.Key}", one => one.Value);
    }

    private static SortedDictionary<double, double> Buckets(Scrape scrape)
    {
        var buckets = new SortedDictionary<double, double>();
        foreach (var bucket in scrape.All.Where(series => series.Name == "caretta_aggregator_commit_seconds_bucket"))
        {
            var bound = bucket["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(bucket["le"], CultureInfo.InvariantCulture);
            buckets[bound] = (double)bucket.Value;
        }

        return buckets;
    }

    /// <summary>As histogram_quantile defines it.</summary>
    private static double Quantile(double quantile, SortedDictionary<double, double> before, SortedDictionary<double, double> after)
    {
        var grown = after.Select(bucket => (Bound: bucket.Key, Count: bucket.Value - before[bucket.Key])).ToList();
        var rank = quantile * grown[^1].Count;
        var index = grown.FindIndex(bucket => bucket.Count >= rank);
        var (from, below) = index > 0 ? grown[index - 1] : (0, 0);
        return double.IsInfinity(grown[index].Bound) ? from : from + ((grown[index].Bound - from) * (rank - below) / (grown[index].Count - below));
    }
}
