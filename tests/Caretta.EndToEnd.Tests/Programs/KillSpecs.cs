using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>kill -9 at random instants while applications talk: afterwards every total equals the truth, and none ever fell.</summary>
public sealed class KillSpecs(ITestOutputHelper output)
{
    private const int Kills = 50;
    private const int KillsPerScrape = 5;

    [PrivilegedTheory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Nothing_is_lost_or_doubled_when_killed(bool agent, bool aggregator) => HiddenChanges.Excluded(output, () => KillAgainAndAgain(agent, aggregator));

    private async Task KillAgainAndAgain(bool agent, bool aggregator)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var host = new OneHost();
        using var traffic = new Traffic(seed);
        await host.StartBoth();
        using var stop = new CancellationTokenSource();
        var talking = Task.Run(() => traffic.Until(stop.Token));
        for (var kill = 0; kill < Kills; kill++)
        {
            if (kill % KillsPerScrape == 0)
            {
                // However slow the machine, the page is looked at now and then.
                var scrapes = host.Scrapes.Scrapes;
                await Eventually.True(() => Task.FromResult(host.Scrapes.Scrapes > scrapes), () => $"a scrape; it said:\n{host.Aggregator.Output}");
            }

            // Anywhere between a process that has not finished starting and one that has been at work for a while.
            await Task.Delay(random.Next(0, 2000));
            if (agent)
            {
                await host.Node.Kill();
                host.StartNode();
            }

            if (aggregator)
            {
                await host.Aggregator.Kill();
                host.StartAggregator();
            }
        }

        await stop.CancelAsync();
        await talking;
        traffic.CloseLongConnection();
        await host.Settles(traffic);
        host.Scrapes.Verify(atLeastScrapes: Kills / KillsPerScrape, traffic.Port, traffic.Truth.ClientSent + traffic.Truth.ServerSent);
    }
}
