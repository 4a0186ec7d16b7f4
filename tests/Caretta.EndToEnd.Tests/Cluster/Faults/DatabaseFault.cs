namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>
/// Something happens to PostgreSQL: for a while it answers nobody, and afterwards all go on without anybody's help. That it answered nobody is seen
/// by asking it from here: whether a member noticed depends on what else the members suffer at the time.
/// </summary>
internal abstract class DatabaseFault() : Fault(ClusterUnderTest.Database)
{
    private const string Question = "SELECT 1";

    public sealed override async Task Run(ClusterUnderTest cluster)
    {
        await Happen(cluster);
        TookEffect(await cluster.AskDatabase(Question) is 1, "it does not answer afterwards");
        await cluster.AllReady();
    }

    protected abstract Task Happen(ClusterUnderTest cluster);

    /// <summary>Lasts so long, whatever happens.</summary>
    protected async Task IsSilent(ClusterUnderTest cluster, TimeSpan time)
    {
        using var over = new CancellationTokenSource();
        var asking = cluster.Postgres.AskAsync(Question, cancel: over.Token);
        await Task.Delay(time);
        TookEffect(!asking.IsCompletedSuccessfully, "it answered");
        await over.CancelAsync();
        await asking.ContinueWith(_ => { }, TaskScheduler.Default); // refused, or given up
    }
}
