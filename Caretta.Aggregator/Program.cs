using Caretta.Aggregator;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Hosting;
using Caretta.Messages.Settings;

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

try
{
    await using var app = AggregatorHost.Build(args);
    await app.StartAsync();
    app.Logger.LogInformation("Metrics on {Http}, agents on {Ingress}", app.Urls.First(), app.Urls.Last());
    await app.WaitForShutdownAsync();
    if (app.Services.GetRequiredService<MemberFate>().End is not { } end)
    {
        return 0;
    }

    await Console.Error.WriteLineAsync(end);
    return 1;
}
catch (OperationCanceledException)
{
    return 0; // asked to stop before it had started
}
catch (Exception refused) when (refused is StartRefusedException or SettingException)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
