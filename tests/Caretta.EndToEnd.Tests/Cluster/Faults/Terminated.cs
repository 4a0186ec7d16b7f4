namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>SIGTERM: it hands over, ends with 0, and is started again.</summary>
internal sealed class Terminated(string name) : Fault(name)
{
    public override bool IsGentle => true;

    public override async Task Run(ClusterUnderTest cluster)
    {
        var program = cluster.Program(Targets[0]);
        await Stops(program);
        program.Start();
        await program.Ready();
    }
}
