using System.CommandLine;
using Caretta.Aggregator.Cli;
using Caretta.Aggregator.Hosting;
using Caretta.Messages.Settings;

namespace Caretta.Aggregator.Operation;

/// <summary><c>caretta-aggregator unload-agents</c>: before an installation is removed, nothing of it is to stay in any kernel.</summary>
internal static class UnloadCommand
{
    public const string Name = "unload-agents";

    private const string Description = """
        Has every aggregator ask its agents to take the eBPF programs off their hosts. Agents that have done so stay idle until they are started
        anew, so this is for when the installation is removed next. What was counted stays in journal and ledgers.

        It shows an aggregator's certificate, by the aggregator's own settings (--certificate-file, --key-file, --ca-file): nobody else is obeyed.
        Exit code 0: no host of the cluster is left. 1: the hosts that are left are named, or the message says what is wrong.
        """;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>For a shell that asks how a line may go on; not to be run.</summary>
    public static Command Described => Make([], TimeProvider.System);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var (settings, others) = CommandLine.Switches.Split(args);
            var root = new RootCommand("caretta-aggregator") { Make(settings, time) };
            return await root.Parse(others).InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancel);
        }
        catch (Exception refused) when (refused is CommandFailedException or SettingException)
        {
            await error.WriteLineAsync(refused.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted. Agents that have unloaded stay so until they are started anew.");
            return 1;
        }
    }

    private static Command Make(IReadOnlyList<string> settings, TimeProvider time)
    {
        var aggregators = new Option<string>("--aggregators")
        {
            Description = "Their IngressPort, by names that stand for every member; several are separated by commas.",
            HelpName = "URL",
            DefaultValueFactory = _ => "https://caretta-aggregator-agents.caretta.svc:7118",
        };
        var timeout = new Option<int>("--timeout") { Description = "How long to wait for all hosts.", HelpName = "SECONDS", DefaultValueFactory = _ => 120 };
        var except = new Option<string[]>("--except") { Description = "A host that need not be reached; * stands for any characters. May be repeated.", HelpName = "NODE" };
        var command = new Command(Name, Description) { aggregators, timeout, except };
        command.SetAction(async (parsed, cancel) =>
        {
            var dialer = MemberDialer.Open(Endpoints(parsed.GetRequiredValue(aggregators)), Read(settings), time);
            var progress = new UnloadProgress(parsed.GetValue(except) ?? []);
            await AskAsync(dialer, progress, TimeSpan.FromSeconds(parsed.GetRequiredValue(timeout)), time, cancel);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(progress.Text());
            return progress.IsComplete ? 0 : 1;
        });
        return command;
    }

    /// <summary>Round by round: an agent that changes to another member meanwhile is met there.</summary>
    private static async Task AskAsync(MemberDialer dialer, UnloadProgress progress, TimeSpan within, TimeProvider time, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        using var pause = new PeriodicTimer(Pause, time);
        do
        {
            progress.BeginRound();
            var left = within - time.GetElapsedTime(began);
            var round = left > Round ? Round : left > Pause ? left : Pause;
            var members = await dialer.FindAsync(progress, cancel);
            await Task.WhenAll(members.Select(member => dialer.UnloadAsync(member, round, progress, cancel)));
        }
        while (!progress.IsComplete && time.GetElapsedTime(began) < within && await pause.WaitForNextTickAsync(cancel));
    }

    /// <exception cref="CommandFailedException">One is none.</exception>
    private static List<Uri> Endpoints(string text) =>
    [
        .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(one =>
            Uri.TryCreate(one, UriKind.Absolute, out var url) && url.Scheme == "https" ? url : throw new CommandFailedException($"'{one}' is no https:// address.")),
    ];

    private static AggregatorOptions Read(IReadOnlyList<string> settings)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables();
        CommandLine.Switches.AddTo(configuration, settings);
        return SettingsSection.Read<AggregatorOptions>(configuration.Build(), AggregatorOptions.Section);
    }
}
