namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>One member after the other is stopped cleanly and started again, as an update does it.</summary>
internal sealed class RollingRestart(params string[] members) : Fault(members)
{
    public override bool IsGentle => true;

    public override async Task Run(ClusterUnderTest cluster)
    {
        foreach (var member in Targets)
        {
            await new Terminated(member).Run(cluster);
        }
    }
}
