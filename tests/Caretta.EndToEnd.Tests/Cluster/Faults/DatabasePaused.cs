namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>SIGSTOP: PostgreSQL's connections stay open, and nobody answers.</summary>
internal sealed class DatabasePaused(TimeSpan time) : DatabaseFault
{
    public override string ToString() => $"{base.ToString()} for {time.TotalSeconds} s";

    protected override async Task Happen(ClusterUnderTest cluster)
    {
        cluster.Postgres.Pause();
        try
        {
            await IsSilent(cluster, time);
        }
        finally
        {
            cluster.Postgres.Resume();
        }
    }
}
