using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>What a failure of the database means.</summary>
internal static class PostgreSqlFaults
{
    /// <returns>Why only an operator can mend it, or null: it may pass by itself.</returns>
    public static string? Remedy(Exception failed, NpgsqlConnectionStringBuilder to) => failed switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } denied =>
            $"{denied.MessageText}. Check the user name of {Setting(nameof(AggregatorOptions.PostgreSql))}, the password in the file named by "
            + $"{Setting(nameof(AggregatorOptions.PostgreSqlPasswordFile))}, and the server's pg_hba.conf.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"There is no database {to.Database}. Create it: CREATE DATABASE {to.Database};",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            $"{denied.MessageText}. As a role that may: GRANT CONNECT ON DATABASE {to.Database} TO {to.Username}; and what docs/operations.md lists.",
        NpgsqlException { InnerException: AuthenticationException untrusted } =>
            $"{untrusted.Message} Set SSL Mode and Root Certificate in {Setting(nameof(AggregatorOptions.PostgreSql))}.",
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException =>
            $"{failed.Message} It is named by {Setting(nameof(AggregatorOptions.PostgreSqlPasswordFile))}.",
        _ => null,
    };

    /// <summary>The cause in one line.</summary>
    public static string Cause(Exception failed) => failed switch
    {
        PostgresException told => told.MessageText,
        { InnerException: TimeoutException or SocketException or IOException } => failed.InnerException.Message,
        _ => failed.Message,
    };

    private static string Setting(string name) => $"{AggregatorOptions.Section}:{name}";
}
