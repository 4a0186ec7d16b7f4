namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>The host was installed anew: its ledger is gone. What it had not reported is lost, and counted as lost.</summary>
internal sealed class LedgerLost(string agent) : LedgerFault(agent)
{
    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(Agent);
        await supervised.Kill();
        Directory.Delete(cluster.LedgerFolder(Agent), recursive: true);
        supervised.Start();
        await SaysLoss(supervised);
    }
}
