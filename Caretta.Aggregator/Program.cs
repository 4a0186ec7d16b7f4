using Caretta.Aggregator;
using Caretta.Aggregator.Certificates;
using Caretta.Aggregator.Cli;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Hosting;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Journal.Tool;
using Caretta.Aggregator.Operation;
using Caretta.Messages.Settings;

if (args is [JournalCommand.Name, ..])
{
    return await JournalCommand.RunAsync(args);
}

if (args is [CertificatesCommand.Name, ..])
{
    return await CertificatesCommand.RunAsync(args, Console.Out, Console.Error, TimeProvider.System, CancellationToken.None);
}

if (args is [UnloadCommand.Name, ..])
{
    return await UnloadCommand.RunAsync(args, Console.Out, Console.Error, TimeProvider.System, CancellationToken.None);
}

if (MapCommands.Take(args))
{
    return await MapCommands.RunAsync(args, Console.Out, Console.Error, CancellationToken.None, JournalCommand.Described, CertificatesCommand.Described, UnloadCommand.Described);
}

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

if (args is ["hash-password", ..])
{
    return HashPassword.Run(args[1..], Console.In, Console.Out, Console.Error);
}

if (args.Contains("--journal-schema"))
{
    Console.WriteLine(PostgreSqlSchema.Script);
    return 0;
}

try
{
    await using var app = AggregatorHost.Build(args);
    await AggregatorHost.RunAsync(app);
    return 0;
}
catch (Exception refused) when (refused is StartRefusedException or SettingException or MembershipEndedException)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
