using System.CommandLine;
using Caretta.Aggregator.Hosting;
using Caretta.Messages.Settings;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary><c>caretta-aggregator journal</c>: looks at a journal, copies it, and changes it while no member runs.</summary>
internal static class JournalCommand
{
    public const string Name = "journal";

    private const string Description = """
        Looks at the journal, copies it, changes it.

        list, verify and export may run beside the aggregators. import and purge need all of them to be stopped, and refuse otherwise.
        Which journal it is, the aggregator's own settings say (appsettings.json, the environment, or here): --data-folder FOLDER, or
        --journal PostgreSql --postgre-sql "Host=...;Database=...;Username=..." --postgre-sql-password-file FILE.
        Exit code 0: done, and nothing is wrong. 1: it is not, and the message says why.
        """;

    /// <summary>For a shell that asks how a line may go on; not to be run.</summary>
    public static Command Described => Make(new Lazy<JournalAccess>(() => throw new InvalidOperationException("It is described, not run.")));

    /// <summary>For the process: what is refused is its last word.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        try
        {
            return await RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
        }
        catch (Exception refused) when (refused is StartRefusedException or SettingException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted. A shard is changed as a whole or not at all; import --merge completes an import.");
            return 1;
        }
    }

    /// <param name="args">With the command's own name.</param>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    /// <exception cref="StartRefusedException">It cannot be done as things are.</exception>
    public static Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var (settings, others) = CommandLine.Switches.Split(args);
        var access = new Lazy<JournalAccess>(() => new JournalAccess(JournalToolSettings.Read(settings))); // not for --help
        var root = new RootCommand("caretta-aggregator");
        root.Subcommands.Add(Make(access));
        return root.Parse(others).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancel);
    }

    private static Command Make(Lazy<JournalAccess> access) => new(Name, Description)
    {
        ListCommand.Make(access),
        VerifyCommand.Make(access),
        ExportCommand.Make(access),
        ImportCommand.Make(access),
        PurgeCommand.Make(access),
    };
}
