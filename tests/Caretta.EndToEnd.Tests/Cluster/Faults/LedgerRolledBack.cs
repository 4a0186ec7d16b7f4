using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>The host's disk is put back to an earlier state: the aggregator holds more than the ledger knows of.</summary>
internal sealed class LedgerRolledBack(string agent) : LedgerFault(agent)
{
    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(Agent);
        var (folder, backup) = (cluster.LedgerFolder(Agent), cluster.LedgerFolder(Agent) + ".backup");
        await supervised.Kill();
        Command.Run("cp", "-a", folder, backup);
        supervised.Start();
        await Reports(supervised);
        await supervised.Kill();
        Directory.Delete(folder, recursive: true);
        Directory.Move(backup, folder);
        supervised.Start();
        await SaysLoss(supervised);
    }
}
