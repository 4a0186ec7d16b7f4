using System.Runtime.InteropServices;
using Caretta.Messages.Settings;
using Caretta.SimulatedAgents;
using Microsoft.Extensions.Configuration;

// Reads commands from its input, a word a line: "truth" prints the truth as it is now, "stop" ends the polling; so does a SIGTERM. Once polling
// has ended and all is acknowledged it prints the truth, one line of JSON, and ends. Whoever lets it go on after its input ends need not answer.
var switches = new Switches("simulated-agents", typeof(FleetOptions), FleetOptions.Section);
var configuration = new ConfigurationManager();
try
{
    switches.AddTo(configuration, args);
    var options = SettingsSection.Read<FleetOptions>(configuration, FleetOptions.Section);
    using var patience = new CancellationTokenSource(options.AtMost);
    await using var fleet = Fleet.Start(options);
    using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
    {
        signal.Cancel = true;
        fleet.StopPolling();
    });
    Console.WriteLine($"started {options.Agents} agents, seed {options.Seed}");
    _ = Task.Run(() => ReadCommandsAsync(fleet, patience.Token)); // the console's reader waits in the thread that asks it
    var truth = await fleet.SettledAsync(patience.Token);
    Console.WriteLine(truth.ToJson());
    return 0;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Not everything was acknowledged in time (AtMost).");
    return 3;
}
catch (Exception wrong) when (wrong is SettingException or FormatException)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

static async Task ReadCommandsAsync(Fleet fleet, CancellationToken cancel)
{
    while (await Console.In.ReadLineAsync(cancel) is { } command)
    {
        if (command.Trim() == "stop")
        {
            fleet.StopPolling();
        }
        else if (command.Trim() == "truth")
        {
            Console.WriteLine((await fleet.TruthAsync(cancel)).ToJson());
        }
    }
}
