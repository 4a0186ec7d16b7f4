using System.Globalization;
using System.Text;
using Caretta.TestServers;

namespace Caretta.Benchmarks.Cluster;

/// <summary>Many agents, one to three aggregators, PostgreSQL; all of it shares this machine.</summary>
/// <param name="fleetFor">How long a thousand agents report; zero: they do not.</param>
internal sealed class ClusterBenchmark(TimeSpan fleetFor) : IBenchmark
{
    public string Name => "cluster";

    public string Run() => RunAsync().GetAwaiter().GetResult();

    private async Task<string> RunAsync()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresSettings(SharedBuffers: "256MB"));
        var text = new StringBuilder();
        foreach (var part in new Func<PostgresServer, StringBuilder, Task>[] { Failovers.MeasureAsync, Updates.MeasureAsync, MeasureFleetAsync })
        {
            try
            {
                await part(server, text);
            }
            catch (Exception failed) when (failed is HttpRequestException or InvalidOperationException or OperationCanceledException)
            {
                text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"This part was cut short: {failed.Message}"); // the others are worth having
            }

            text.AppendLine();
            await Console.Out.WriteLineAsync(text.ToString());
        }

        return text.ToString();
    }

    private Task MeasureFleetAsync(PostgresServer server, StringBuilder text) =>
        fleetFor == TimeSpan.Zero ? Task.CompletedTask : ThousandAgents.MeasureAsync(server, text, fleetFor);
}
