using System.Diagnostics;
using System.Globalization;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.EndToEnd.Tests.Programs;
using Caretta.FakeCluster;
using Caretta.SimulatedAgents;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>Many simulated agents in a process on a site of their own: load for every shard, with a truth as exact as that of the real ones.</summary>
internal sealed class LoadFleet : IAsyncDisposable
{
    private const int Agents = 12;
    private const string Prefix = "sim";

    private readonly Process _process;

    private LoadFleet(Process process) => _process = process;

    public static LoadFleet Start(int seed, TestHost site, TestAuthority authority, string certificateFolder, string aggregators)
    {
        for (var agent = 0; agent < Agents; agent++)
        {
            authority.Node($"{Prefix}-{agent}");
        }

        var start = new ProcessStartInfo(
            "nsenter",
            [
                $"--net=/run/netns/{site.Name}",
                ProgramUnderTest.Executable("simulated-agents"),
                $"--aggregator={aggregators}",
                $"--agents={Agents}",
                "--links=20",
                "--changing=5",
                "--shared=4", // sums over many sources
                "--poll-interval=00:00:02",
                "--mischief=0.01",
                $"--prefix={Prefix}",
                string.Create(CultureInfo.InvariantCulture, $"--seed={seed}"),
                "--at-most=1.00:00:00",
                $"--ca-file={authority.CaFile}",
                $"--certificate-folder={certificateFolder}",
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new LoadFleet(Process.Start(start)!);
    }

    /// <summary>Polling ends; once all is acknowledged, what the members must export.</summary>
    public async Task<FleetTruth> Stop()
    {
        await _process.StandardInput.WriteLineAsync("stop");
        await _process.StandardInput.FlushAsync();
        var last = "";
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5)); // only turns a hang into a failure
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            last = line;
        }

        await _process.WaitForExitAsync(patience.Token);
        Assert.True(_process.ExitCode == 0, $"simulated-agents ended with {_process.ExitCode}; its last words: {last}");
        var truth = FleetTruth.Parse(last);
        Assert.Equal(Agents, truth.Incarnations); // or its truth would be an upper bound only
        return truth;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
