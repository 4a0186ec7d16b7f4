using System.CommandLine;

namespace Caretta.Aggregator.Cli;

/// <summary><c>completion SHELL</c>: what makes the shell ask this program how a line may go on.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _caretta_aggregator() {
          mapfile -t COMPREPLY < <(caretta-aggregator "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null | grep -- "^${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _caretta_aggregator caretta-aggregator
        """;

    private const string Zsh = """
        #compdef caretta-aggregator
        _caretta_aggregator() {
          local words_found=("${(@f)$(caretta-aggregator "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a words_found
        }
        compdef _caretta_aggregator caretta-aggregator
        """;

    private const string Fish = """
        complete -c caretta-aggregator -f -a '(set -l line (commandline -cp); caretta-aggregator "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)'
        """;

    public static Command Make()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints what the shell needs to complete commands: source <(caretta-aggregator completion bash)") { shell };
        command.SetAction(async (parsed, _) =>
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return 0;
        });
        return command;
    }
}
