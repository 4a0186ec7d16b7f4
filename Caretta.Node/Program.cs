using Caretta.Messages.Settings;
using Caretta.Node;

if (args.Contains("--help"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

if (args.Contains("--version"))
{
    Console.WriteLine(CommandLine.Switches.Version);
    return 0;
}

try
{
    switch (args.FirstOrDefault())
    {
        case "unload":
            Console.WriteLine(NodeHost.Unload([.. args[1..].Where(arg => arg != CommandLine.Stay)]));
            await (args.Contains(CommandLine.Stay) ? StopSignal.WaitAsync() : Task.CompletedTask);
            return 0;
        case "doctor":
            Console.WriteLine(NodeHost.Examine(args[1..], out var fit));
            return fit ? 0 : 1;
        case "ledger":
            Console.WriteLine(NodeHost.ShowLedger(args[1..]));
            return 0;
        default:
            await using (var app = NodeHost.Build(args))
            {
                await app.StartAsync();
                app.Logger.LogInformation("Watching this host. Metrics on {Http}", app.Urls.First());
                await app.WaitForShutdownAsync();
                return 0;
            }
    }
}
catch (Exception refused) when (refused is BadStartException or SettingException)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
