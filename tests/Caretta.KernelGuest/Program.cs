using Caretta.KernelGuest;
using Caretta.Node;
using Caretta.Node.Kernel;

// kernel-guest caretta-node ARGUMENT...   the agent itself
// kernel-guest traffic FILE               moves bytes, and notes how many
// kernel-guest ledger FILE FOLDER NAME    compares them with what the agent's ledger in that folder has, as the facts of that name
// kernel-guest cost                       what each path costs per operation
// kernel-guest killed PATH                an agent of that path that is killed and starts again
// kernel-guest PATH SCENARIO...           each scenario's facts on a line of their own, for whoever reads the console to judge
switch (args[0])
{
    case "caretta-node":
        return (int)typeof(NodeOptions).Assembly.EntryPoint!.Invoke(null, [args[1..]])!;
    case "cost":
        Cost.Measure().Write(Console.Out);
        return 0;
    case "traffic":
        AgentRun.Traffic(args[1]);
        return 0;
    case "killed":
        new KilledAgent(Enum.Parse<ProbePath>(args[1])).Run().Write(Console.Out);
        return 0;
    case "ledger":
        AgentRun.Compare(args[1], args[2], args[3]).Write(Console.Out);
        return 0;
}

var path = Enum.Parse<ProbePath>(args[0]);
foreach (var name in args[1..])
{
    var facts = new Facts(name, path);
    try
    {
        Scenarios.Run(name, path, facts);
    }
    catch (Exception failure)
    {
        facts.Failed(failure);
    }

    facts.Write(Console.Out);
}

return 0;
