using System.Globalization;
using System.Text;

namespace Caretta.Benchmarks.Scrape;

/// <summary>What a scrape of the links costs the aggregator, beside prometheus-net with the same series.</summary>
internal sealed class ScrapeBenchmark : IBenchmark
{
    private const int WarmUps = 15;
    private const int Rounds = 15;

    /// <summary>Milliseconds a scrape, as published of the tool we descend from (Go, client_golang) on a machine of this kind.</summary>
    private static readonly (int Series, bool Gzip, double Published)[] Cases =
        [(10_000, false, 95), (10_000, true, 135), (100_000, false, 963), (100_000, true, 2300)];

    public string Name => "scrape";

    public string Run()
    {
        var time = new StringBuilder()
            .AppendLine("| series | encoding | page | ours | prometheus-net | ratio | Go, published | of it |")
            .AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        var cost = new StringBuilder()
            .AppendLine("| series | encoding | CPU ours | CPU prometheus-net | allocated ours | allocated prometheus-net |")
            .AppendLine("| --- | --- | --- | --- | --- | --- |");
        var memory = new StringBuilder()
            .AppendLine("| series | RSS after the scrapes, ours | prometheus-net | Go, published |")
            .AppendLine("| --- | --- | --- | --- |");
        foreach (var bySeries in Cases.GroupBy(scrape => scrape.Series))
        {
            using var ours = new ScrapedProcess(ScrapeServer.Ours, bySeries.Key);
            using var theirs = new ScrapedProcess(ScrapeServer.PrometheusNet, bySeries.Key);
            foreach (var (series, gzip, published) in bySeries)
            {
                MeasureAsync(ours, theirs, gzip).GetAwaiter().GetResult();
                var encoding = gzip ? "gzip" : "plain";
                time.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"| {series:N0} | {encoding} | {ours.PageBytes / 1e6:F1} MB | {ours.Milliseconds.Median:F1} ms | {theirs.Milliseconds.Median:F1} ms "
                    + $"| {ours.Milliseconds.Over(theirs.Milliseconds).Median:F2} | {published:F0} ms | 1/{published / ours.Milliseconds.Median:F0} |");
                cost.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"| {series:N0} | {encoding} | {ours.CpuMilliseconds.Median:F1} ms | {theirs.CpuMilliseconds.Median:F1} ms "
                    + $"| {ours.AllocatedBytes.Median / 1e6:F2} MB | {theirs.AllocatedBytes.Median / 1e6:F2} MB |");
            }

            memory.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {bySeries.Key:N0} | {ours.ResidentKilobytes / 1024} MiB | {theirs.ResidentKilobytes / 1024} MiB "
                + $"| {(bySeries.Key == 100_000 ? "410 MB" : "")} |");
        }

        return $"{time}\n{cost}\n{memory}";
    }

    private static async Task MeasureAsync(ScrapedProcess ours, ScrapedProcess theirs, bool gzip)
    {
        for (var round = -WarmUps; round < Rounds; round++)
        {
            if (round == 0)
            {
                ours.Reset();
                theirs.Reset();
            }

            var (first, second) = round % 2 == 0 ? (ours, theirs) : (theirs, ours);
            await first.ScrapeAsync(gzip);
            await second.ScrapeAsync(gzip);
        }
    }
}
