using System.Diagnostics;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Three members as processes on PostgreSQL, of which one is ended in every way there is. What it took is written to the output, and asserted nowhere.</summary>
[Collection(SharedPostgres.Name)]
public class MemberProcessSpecs(SharedPostgres postgres, ITestOutputHelper output)
{
    private const int Links = 300;

    [Fact]
    public async Task Totals_stay_and_are_shown_once_whatever_ends_a_member()
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres.Server, 3);
        await Took("spread at the start", () => cluster.UntilSpreadAsync(3));
        await cluster.ReportAsync(member: 0, Links, sent: 100);
        await cluster.UntilExportedAsync(Links, 100);

        await cluster.Member(2).KillAsync();
        await cluster.ForgetMemberAsync(2);
        await Took("exported again after kill -9", () => cluster.UntilExportedAsync(Links, 100));
        await cluster.ReportAsync(member: 1, Links, sent: 200);
        await cluster.UntilExportedAsync(Links, 200);
        await cluster.StartMemberAsync(2);
        await Took("spread over the new member", () => cluster.UntilSpreadAsync(3));
        await cluster.UntilExportedAsync(Links, 200);

        await Took("stopped", async () => Assert.Equal(0, await cluster.Member(0).StopAsync()));
        await cluster.ForgetMemberAsync(0);
        await Took("exported again after that", () => cluster.UntilExportedAsync(Links, 200));
        await cluster.StartMemberAsync(0);
        await Took("spread over the new member", () => cluster.UntilSpreadAsync(3));

        await cluster.Member(1).PauseAsync();
        cluster.Records.Pause(cluster.Member(1));
        await Took("exported again beside a stopped one", () => cluster.UntilExportedAsync(Links, 200));
        await cluster.ReportAsync(member: 2, Links, sent: 300);
        await cluster.Member(1).ResumeAsync();
        var (exitCode, error) = (0, "");
        await Took("ended after it went on", async () => (exitCode, error) = await cluster.Member(1).EndAsync());
        Assert.NotEqual(0, exitCode);
        Assert.Contains("has lost its cluster", error, StringComparison.Ordinal);
        await cluster.ForgetMemberAsync(1);
        await cluster.UntilExportedAsync(Links, 300);

        await cluster.VerifyAsync(leastMoves: 20);
    }

    private async Task Took(string what, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        output.WriteLine($"{what}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
    }
}
