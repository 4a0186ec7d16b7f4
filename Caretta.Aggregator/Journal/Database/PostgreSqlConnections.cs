using System.Globalization;
using System.Net;
using Npgsql;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>
/// Connections as the settings say, with bounds where they say nothing: a server that was stopped, or a network that swallows packets, must not hold
/// a writer for ever, nor a writer that vanished the server's locks. The password is read from its file for each new connection.
/// </summary>
internal static class PostgreSqlConnections
{
    /// <summary>Below the circuit breaker's, so that it is told why.</summary>
    public const int CommandSeconds = 8;

    /// <summary>Three writers and the recoveries; deletions and snapshots use what is left.</summary>
    public const int PoolSize = JournalHocon.ParallelRecoveries + 12;

    /// <summary>What the server does with a session whose client is gone or stands still in the middle of a transaction.</summary>
    private const string SessionSettings =
        "-c idle_in_transaction_session_timeout=10s -c statement_timeout=30s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 "
        + "-c tcp_keepalives_count=3 -c tcp_user_timeout=10s";

    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        Default(settings, "Timeout", 5);
        Default(settings, "Command Timeout", CommandSeconds);
        Default(settings, "Cancellation Timeout", 1000);
        Default(settings, "Keepalive", 5);
        Default(settings, "Tcp Keepalive", true);
        Default(settings, "Tcp Keepalive Time", 5);
        Default(settings, "Tcp Keepalive Interval", 2);
        Default(settings, "Maximum Pool Size", PoolSize);
        Default(settings, "Application Name", "caretta-aggregator");
        Default(settings, "SSL Mode", IsLoopback(settings.Host) ? SslMode.Prefer : SslMode.VerifyFull);
        settings.Options = string.Create(CultureInfo.InvariantCulture, $"{SessionSettings} {settings.Options}").TrimEnd();
        return settings;
    }

    public static NpgsqlDataSource Open(string connectionString, string passwordFile)
    {
        var source = new NpgsqlDataSourceBuilder(Settings(connectionString).ConnectionString);
        if (passwordFile.Length > 0)
        {
            source.UsePasswordProvider(
                _ => File.ReadAllText(passwordFile).TrimEnd('\r', '\n'),
                async (_, cancel) => (await File.ReadAllTextAsync(passwordFile, cancel)).TrimEnd('\r', '\n'));
        }

        return source.Build();
    }

    private static void Default(NpgsqlConnectionStringBuilder settings, string key, object value)
    {
        if (!settings.ShouldSerialize(key))
        {
            settings[key] = value;
        }
    }

    private static bool IsLoopback(string? host) => host is null or "localhost"
        || host.StartsWith('/') || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
