using Akka.Configuration;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>
/// Akka.Persistence.Sql's settings, for which Akka.Hosting has no options. The tables are ours to make. The circuit breaker closes again after
/// two seconds instead of thirty: that bounds the stall after a database came back. 400 events a batch and three writers were the fastest measured
/// on PostgreSQL; SQLite lets one write at a time. Events travel as parameters: by default they would be hexadecimal digits in the statement's text, which
/// is built, parsed and parsed again at the server, at several times their size. No filter of replayed events: it takes each process for a writer, and drops
/// what one wrote that had the shard twice, with another's events in between. The database lets nobody write out of turn, and a ledger's history tells what is
/// not its own. How many recoveries at one time are best was not measured: eight are a few for each connection and processor.
/// </summary>
internal static class JournalHocon
{
    public const int ParallelRecoveries = 8;

    /// <param name="writers">At one time.</param>
    /// <param name="schema">null: the database has none.</param>
    /// <param name="connectionString">null: connections are made by the data options of the actor system's setup.</param>
    public static Config For(string provider, int writers, string? schema, string? connectionString) => ConfigurationFactory.ParseString($$"""
        akka.persistence {
            max-concurrent-recoveries = {{ParallelRecoveries}}
            journal.plugin = akka.persistence.journal.sql
            snapshot-store.plugin = akka.persistence.snapshot-store.sql
            journal.sql {
                {{Common(provider, schema, connectionString)}}
                batch-size = 400
                parallelism = {{writers}}
                prefer-parameters-on-multirow-insert = true
                recovery-event-timeout = 15s
                replay-filter.mode = off
                circuit-breaker { max-failures = 3, call-timeout = 10s, reset-timeout = 2s }
            }
            snapshot-store.sql {
                {{Common(provider, schema, connectionString)}}
                circuit-breaker { max-failures = 3, call-timeout = 20s, reset-timeout = 2s }
            }
        }
        """);

    private static string Common(string provider, string? schema, string? connectionString) => $"""
        provider-name = "{provider}"
        connection-string = "{connectionString}"
        use-clone-connection = off
        auto-initialize = off
        default.schema-name = {schema ?? "null"}
        """;
}
