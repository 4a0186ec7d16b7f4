using Caretta.Aggregator.Hosting;
using Caretta.Aggregator.Journal.Database;
using Caretta.Messages.Settings;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>The aggregator's settings, of which only those of the journal count.</summary>
internal static class JournalToolSettings
{
    /// <param name="switches">Settings on the command line.</param>
    /// <exception cref="SettingException">One is unknown, or the journal's do not fit together.</exception>
    public static AggregatorOptions Read(IReadOnlyList<string> switches)
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production"}.json", optional: true)
            .AddEnvironmentVariables();
        CommandLine.Switches.AddTo(configuration, switches);
        var options = SettingsSection.ReadUnchecked<AggregatorOptions>(configuration.Build(), AggregatorOptions.Section);
        if (JournalSettings.Fault(options) is { } fault)
        {
            throw new SettingException($"Setting {AggregatorOptions.Section}:{fault.MemberNames.First()} is wrong: {fault.ErrorMessage}");
        }

        return options.DataFolder.Length > 0
            ? options
            : throw new SettingException($"Setting {AggregatorOptions.Section}:{nameof(AggregatorOptions.DataFolder)} is empty.");
    }
}
