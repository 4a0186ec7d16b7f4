namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>kill -9 of agents or members, all of them in the same instant; the supervisor starts them again.</summary>
internal sealed class Killed(params string[] names) : Fault(names)
{
    public override IEnumerable<string> Traces => ClusterUnderTest.IsAgent(Targets[0]) ? [] : ["caretta_node_batches_resent_total"];

    public override async Task Run(ClusterUnderTest cluster)
    {
        var programs = Targets.Select(name => cluster.Program(name)).ToList();
        var before = programs.ConvertAll(program => program.Lives.Count);
        await Task.WhenAll(programs.Select(program => program.Program.Kill()));
        foreach (var (program, lives) in programs.Zip(before))
        {
            await program.NextLife(lives);
            await program.Ready();
        }
    }
}
