using Caretta.Messages.Settings;

namespace Caretta.Aggregator.Hosting;

/// <summary>What the aggregator's command line offers.</summary>
internal static class CommandLine
{
    public static Switches Switches { get; } = new("caretta-aggregator", typeof(AggregatorOptions), AggregatorOptions.Section);

    public static string Help => $"""
        caretta-aggregator {Switches.Version}: keeps and exports the totals that the agents report.

        Usage: caretta-aggregator [setting...]            run
               caretta-aggregator hash-password NAME   a line for HttpPasswordsFile; the password is read from standard input
               caretta-aggregator top                  live: who talks the most, of the whole cluster; top --help says more
               caretta-aggregator links                all links as a table, JSON, CSV or Graphviz; links --help says more
               caretta-aggregator completion SHELL     for bash, zsh and fish
               caretta-aggregator journal COMMAND      list, verify, export, import, purge; journal --help says more
               caretta-aggregator certificates         makes and renews an installation's certificates in Kubernetes; certificates --help says more
               caretta-aggregator unload-agents        takes the eBPF programs off all hosts before an installation is removed; unload-agents --help says more
               caretta-aggregator --version | --help | --journal-schema (the SQL that makes the journal on PostgreSQL)

        Settings:
        {Switches.Help}

        The same settings are read from appsettings.json and, as Caretta__Aggregator__HttpPort, from the environment.
        """;
}
