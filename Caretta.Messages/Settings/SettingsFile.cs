namespace Caretta.Messages.Settings;

/// <summary>
/// appsettings.json, whose changes are followed. Looked at every few seconds: to be told of them takes an inotify instance, of which Linux gives 128 to all
/// that runs as root on a host, and whoever wants one when there is none left ends at its start.
/// </summary>
public static class SettingsFile
{
    private const string Polling = "DOTNET_USE_POLLING_FILE_WATCHER"; // .NET's; set otherwise, it stays so

    /// <summary>To be called before there is a configuration.</summary>
    public static void LookAtIt() => Environment.SetEnvironmentVariable(Polling, Environment.GetEnvironmentVariable(Polling) ?? "true");
}
