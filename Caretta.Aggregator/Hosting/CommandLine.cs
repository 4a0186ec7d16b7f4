using System.Reflection;

namespace Caretta.Aggregator.Hosting;

/// <summary>The switches: one per setting, <c>--http-port 7117</c>, or in full, <c>--Caretta:Aggregator:HttpPort=7117</c>.</summary>
internal static class CommandLine
{
    private static readonly Dictionary<string, string> Switches = typeof(AggregatorOptions).GetProperties()
        .ToDictionary(property => Switch(property.Name), property => $"{AggregatorOptions.Section}:{property.Name}");

    public static string Version =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string Help => $"""
        caretta-aggregator {Version}: keeps and exports the totals that the agents report.

        Usage: caretta-aggregator [setting...]
        {string.Join('\n', Switches.Select(entry => $"  {entry.Key,-24} {entry.Value}"))}
          --version, --help

        The same settings are read from appsettings.json and, as Caretta__Aggregator__HttpPort, from the environment.
        """;

    /// <exception cref="StartRefusedException">An argument is none of ours, or a switch has no value.</exception>
    public static IConfigurationBuilder AddSwitches(this IConfigurationBuilder configuration, string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!IsOurs(name))
            {
                throw new StartRefusedException($"Unknown argument {name}. caretta-aggregator --help lists them.");
            }

            if (name == args[i] && ++i == args.Length)
            {
                throw new StartRefusedException($"{name} has no value.");
            }
        }

        return configuration.AddCommandLine(args, Switches);
    }

    private static bool IsOurs(string name) => Switches.ContainsKey(name)
        || name.StartsWith("--Caretta:", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("--Logging:", StringComparison.OrdinalIgnoreCase);

    private static string Switch(string property) =>
        "--" + string.Concat(property.Select((letter, i) => char.IsUpper(letter) && i > 0 ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
