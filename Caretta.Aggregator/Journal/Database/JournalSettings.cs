using System.ComponentModel.DataAnnotations;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>What must fit together in the journal's settings. No message repeats a connection string: there may be a password in it.</summary>
internal static class JournalSettings
{
    public static ValidationResult? Fault(AggregatorOptions options)
    {
        if (!Enum.IsDefined(options.Journal))
        {
            return new ValidationResult("It is one of the names documented.", [nameof(options.Journal)]);
        }

        if (options.Journal == JournalKind.PostgreSql)
        {
            return ConnectionFault(options.PostgreSql) is { } fault ? new ValidationResult(fault, [nameof(options.PostgreSql)]) : null;
        }

        return (options.PostgreSql.Length > 0, options.PostgreSqlPasswordFile.Length > 0) switch
        {
            (true, _) => Alone(nameof(options.PostgreSql)),
            (_, true) => Alone(nameof(options.PostgreSqlPasswordFile)),
            _ => null,
        };
    }

    private static ValidationResult Alone(string setting) => new("It goes with Journal set to PostgreSql, and only with that.", [setting]);

    private static string? ConnectionFault(string connectionString)
    {
        try
        {
            var settings = PostgreSqlConnections.Settings(connectionString);
            if (!string.IsNullOrEmpty(settings.Password))
            {
                return $"It holds a password, which others on the machine could see. Put it into a file and set {nameof(AggregatorOptions.PostgreSqlPasswordFile)}.";
            }

            return string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database) || string.IsNullOrEmpty(settings.Username)
                ? "It is an Npgsql connection string with at least Host, Database and Username: Host=db;Database=caretta;Username=caretta."
                : null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return "It is no connection string that Npgsql understands: Host=db;Database=caretta;Username=caretta.";
        }
    }
}
