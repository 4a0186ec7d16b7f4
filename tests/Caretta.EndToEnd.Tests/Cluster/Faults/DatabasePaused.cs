namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>SIGSTOP: PostgreSQL's connections stay open, and nobody answers.</summary>
internal sealed class DatabasePaused(TimeSpan time) : DatabaseFault
{
    protected override async Task Happen(ClusterUnderTest cluster)
    {
        cluster.Postgres.Pause();
        await Task.Delay(time);
        cluster.Postgres.Resume();
    }
}
