using Caretta.Messages.Settings;

namespace Caretta.Node;

/// <summary>What the agent's command line offers.</summary>
internal static class CommandLine
{
    /// <summary>Of <c>unload</c>.</summary>
    public const string Stay = "--stay";

    public static Switches Switches { get; } = new("caretta-node", typeof(NodeOptions), NodeOptions.Section);

    public static string Help => $"""
        caretta-node {Switches.Version}: counts this host's TCP connections and reports the totals to an aggregator.

        Usage: caretta-node [setting...]          run the agent
               caretta-node unload [setting...]   stop counting and remove everything from the kernel; the ledger keeps what was counted
                                                  --stay: then wait until asked to stop, as a pod of a DaemonSet must
               caretta-node ledger [-o text|json] [setting...]   show what the ledger holds, also while the agent runs
               caretta-node doctor [setting...]   say what this host supports, how connections would be counted, and what is missing; 1 if it cannot be
               caretta-node --version | --help

        Settings:
        {Switches.Help}

        The same settings are read from appsettings.json and, as Caretta__Node__PollInterval, from the environment.
        """;

    /// <param name="others">What <c>ledger</c> was given beside settings.</param>
    /// <exception cref="SettingException">It is not understood.</exception>
    public static bool WantsJson(IReadOnlyList<string> others) => others switch
    {
        [] or ["-o" or "--output", "text"] or ["-o=text" or "--output=text"] => false,
        ["-o" or "--output", "json"] or ["-o=json" or "--output=json"] => true,
        _ => throw new SettingException($"Unknown argument {string.Join(' ', others)}. caretta-node ledger takes settings and -o text or -o json."),
    };
}
