namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>SIGTERM: it hands over, ends with 0, and is started again.</summary>
internal sealed class Terminated(string name) : Fault(name)
{
    public override bool IsGentle => true;

    public override async Task Run(ClusterUnderTest cluster)
    {
        var program = cluster.Program(Targets[0]);
        var exitCode = await program.Stop();
        // Other faults may have taken the majority meanwhile: then it ends by itself, and says so.
        var lost = program.Program.Output.Contains("has lost its cluster", StringComparison.Ordinal);
        TookEffect(exitCode == 0 || lost, $"it ended with {exitCode} and said:\n{program.Program.Output}");
        program.Start();
        await program.Ready();
    }
}
