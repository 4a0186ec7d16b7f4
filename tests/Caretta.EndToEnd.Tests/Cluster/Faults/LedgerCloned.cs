using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>A second host starts from a copy of the first one's disk, under its own name: what it has reported is its own, and nothing of the first one's.</summary>
internal sealed class LedgerCloned(string agent, string clone) : LedgerFault(agent, clone)
{
    public override async Task Run(ClusterUnderTest cluster)
    {
        var (supervised, other) = (cluster.Program(Agent), cluster.Program(clone));
        await supervised.Kill();
        Command.Run("cp", "-a", cluster.LedgerFolder(Agent), cluster.LedgerFolder(clone));
        supervised.Start();
        other.Start();
        await SaysLoss(other);
        await Reports(other);
        TookEffect(await other.Stop() == 0, "the second host did not stop");
        Directory.Delete(cluster.LedgerFolder(clone), recursive: true);
        await supervised.Program.Ready();
    }
}
