using System.CommandLine;

namespace Caretta.Aggregator.Cli;

/// <summary>Commands for people in terminals, against any aggregator's URL.</summary>
internal static class MapCommands
{
    private const string Suggest = "[suggest";

    /// <summary>Whether one of them is meant, or a shell asks how a line may go on.</summary>
    public static bool Take(IReadOnlyList<string> args) =>
        args is ["top" or "links" or "completion", ..] || (args.Count > 0 && args[0].StartsWith(Suggest, StringComparison.Ordinal));

    /// <param name="others">Further commands, for a shell's question.</param>
    /// <returns>The exit code: 0, or 1, and then the message says why.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancel, params IEnumerable<Command> others)
    {
        var root = new RootCommand("caretta-aggregator") { TopCommand.Make(), LinksCommand.Make(), CompletionCommand.Make() };
        foreach (var other in others)
        {
            root.Subcommands.Add(other);
        }

        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancel);
        }
        catch (CommandFailedException failed)
        {
            await error.WriteLineAsync(failed.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.");
            return 1;
        }
    }
}
