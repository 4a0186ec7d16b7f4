using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Caretta.Messages.Settings;

/// <summary>A program's command line: one switch per setting, <c>--http-port 7117</c>, or in full, <c>--Caretta:Aggregator:HttpPort=7117</c>.</summary>
/// <param name="options">The class whose properties are the settings.</param>
/// <param name="section">Where they are in the configuration.</param>
public sealed class Switches(string program, Type options, string section)
{
    private readonly Dictionary<string, string> _switches = options.GetProperties()
        .ToDictionary(property => Switch(property.Name), property => $"{section}:{property.Name}");

    public string Version =>
        options.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>A line per switch.</summary>
    public string Help => string.Join('\n', _switches.Select(entry => $"  {entry.Key,-24} {entry.Value}"));

    /// <exception cref="SettingException">An argument is none of ours.</exception>
    public void AddTo(IConfigurationBuilder configuration, IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].Split('=')[0];
            if (!IsKnown(name))
            {
                throw new SettingException($"Unknown argument {name}. {program} --help lists them.");
            }

            i += args[i].Contains('=', StringComparison.Ordinal) ? 0 : 1; // its value is an argument of its own
            if (i == args.Count)
            {
                throw new SettingException($"Argument {name} has no value.");
            }
        }

        configuration.AddCommandLine([.. args], _switches);
    }

    /// <summary>For commands that have options of their own: the settings among the arguments, each with its value, and the rest.</summary>
    public (IReadOnlyList<string> Settings, IReadOnlyList<string> Others) Split(IReadOnlyList<string> args)
    {
        var (settings, others) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            var known = IsKnown(args[i].Split('=')[0]);
            (known ? settings : others).Add(args[i]);
            if (known && !args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Count)
            {
                settings.Add(args[++i]);
            }
        }

        return (settings, others);
    }

    private static string Switch(string property) =>
        "--" + string.Concat(property.Select((letter, i) => char.IsUpper(letter) && i > 0 ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    private bool IsKnown(string name) =>
        _switches.ContainsKey(name)
        || name.StartsWith("--Caretta:", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("--Logging:", StringComparison.OrdinalIgnoreCase);
}
