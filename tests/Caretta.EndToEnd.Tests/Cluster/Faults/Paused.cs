namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>SIGSTOP for a while: the process knows nothing of it afterwards, and its sockets stayed open.</summary>
internal sealed class Paused(string name, TimeSpan time) : Fault(name)
{
    public override string ToString() => $"{base.ToString()} for {time.TotalSeconds} s";

    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(Targets[0]);
        // Other faults may have ended it, and the next life begins a moment later.
        await Eventually.True(() => Task.FromResult(supervised.Program.IsRunning), () => $"{supervised.Name} running");
        var program = supervised.Program;
        program.Pause();
        await Task.Delay(time);
        TookEffect(program.IsRunning && State(program.Id) == 'T', "it was not stopped");
        program.Resume();
        await supervised.Ready(); // the same process, or, if the others did without it, the next
    }

    /// <summary>The kernel's letter for what a process does; T is stopped.</summary>
    private static char State(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }
}
