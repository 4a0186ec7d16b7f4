using System.Globalization;
using System.Net;
using Npgsql;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>
/// Connections as the settings say, with bounds where they say nothing: a server that was stopped, or a network that swallows packets, must not hold
/// a writer for ever, nor a writer that vanished the server's locks. The password is read from its file for each new connection. Idle connections are kept
/// alive by TCP alone: Npgsql's own Keepalive asks the server of each idle connection in a thread of the common pool, and waits there for the answer. A
/// server that stands still then has all of them, and the connections' locks, for as long as a command may take.
/// </summary>
internal static class PostgreSqlConnections
{
    /// <summary>Below the circuit breaker's, so that it is told why.</summary>
    public const int CommandSeconds = 8;

    /// <summary>Three writers and the recoveries; deletions and snapshots use what is left.</summary>
    public const int PoolSize = JournalHocon.ParallelRecoveries + 12;

    /// <summary>How sessions of members begin their application_name.</summary>
    public const string MemberName = "caretta-aggregator";

    public const string ToolName = "caretta-journal";

    private const int ToolSeconds = 600;

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
        Default(settings, "Tcp Keepalive", true);
        Default(settings, "Tcp Keepalive Time", 5);
        Default(settings, "Tcp Keepalive Interval", 2);
        Default(settings, "Maximum Pool Size", PoolSize);
        settings.ApplicationName = NameOf(MemberName, settings.ApplicationName);
        Default(settings, "SSL Mode", IsLoopback(settings.Host) ? SslMode.Prefer : SslMode.VerifyFull);
        settings.Options = string.Create(CultureInfo.InvariantCulture, $"{SessionSettings} {settings.Options}").TrimEnd();
        return settings;
    }

    public static NpgsqlDataSource Open(string connectionString, string passwordFile) => Open(Settings(connectionString), passwordFile);

    public static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder settings, string passwordFile)
    {
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (passwordFile.Length > 0)
        {
            source.UsePasswordProvider(
                _ => File.ReadAllText(passwordFile).TrimEnd('\r', '\n'),
                async (_, cancel) => (await File.ReadAllTextAsync(passwordFile, cancel)).TrimEnd('\r', '\n'));
        }

        return source.Build();
    }

    /// <summary>For one look or change by an operator: not a member, and with time for one large statement.</summary>
    public static NpgsqlConnectionStringBuilder ToolSettings(string connectionString)
    {
        var settings = Settings(connectionString);
        settings.ApplicationName = NameOf(ToolName, new NpgsqlConnectionStringBuilder(connectionString).ApplicationName);
        settings.CommandTimeout = ToolSeconds;
        settings.Pooling = false;
        settings.Options += string.Create(
            CultureInfo.InvariantCulture, $" -c statement_timeout={ToolSeconds}s -c idle_in_transaction_session_timeout={ToolSeconds}s");
        return settings;
    }

    /// <summary>What was set goes behind it: by what is in front the members of a journal are known.</summary>
    private static string NameOf(string program, string? given) => string.IsNullOrEmpty(given) ? program : $"{program}/{given}";

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
