using System.Globalization;
using Caretta.Aggregator.Journal.Database;
using Caretta.Messages;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Opens the journal that the settings name, and says in one sentence why it cannot be used.</summary>
internal sealed class JournalAccess(AggregatorOptions options)
{
    public string Target => options.Journal == JournalKind.Sqlite
        ? Path.Combine(options.DataFolder, JournalFile.Name)
        : Server(PostgreSqlConnections.ToolSettings(options.PostgreSql));

    /// <exception cref="StartRefusedException">It cannot be read, or is not of this version.</exception>
    public Task<T> ReadAsync<T>(Func<IJournalReader, Task<T>> use, CancellationToken cancel) => ExplainAsync(async () =>
    {
        await using IJournalReader reader = options.Journal == JournalKind.Sqlite
            ? await SqliteReader.OpenAsync(options.DataFolder, cancel)
            : await PostgreSqlReader.OpenAsync(options, cancel);
        await CheckAsync(reader, cancel);
        return await use(reader);
    });

    /// <exception cref="StartRefusedException">A member runs, or it cannot be written.</exception>
    public Task<T> WriteAsync<T>(Func<IJournalWriter, Task<T>> use, CancellationToken cancel) => ExplainAsync(async () =>
    {
        await using IJournalWriter writer = options.Journal == JournalKind.Sqlite
            ? await SqliteWriter.OpenAsync(options.DataFolder, cancel)
            : await PostgreSqlWriter.OpenAsync(options, cancel);
        return await use(writer);
    });

    private async Task CheckAsync(IJournalReader reader, CancellationToken cancel)
    {
        var version = await reader.Tables.ValueAsync("schema_version", cancel);
        var known = options.Journal == JournalKind.Sqlite ? JournalFile.SchemaVersion : PostgreSqlSchema.Version;
        if (version != known.ToString(CultureInfo.InvariantCulture))
        {
            throw new StartRefusedException(
                $"The journal {reader.Name} has schema version {version ?? "0"}; this version reads {known}. Run the version that wrote it, "
                + "or start an aggregator of this one once, which migrates an older journal.");
        }

        var shards = await reader.Tables.ValueAsync("shard_count", cancel);
        if (shards != LinkSharding.DefaultShardCount.ToString(CultureInfo.InvariantCulture))
        {
            throw new StartRefusedException(
                $"The journal {reader.Name} has {shards} shards; this version has {LinkSharding.DefaultShardCount}. Run the version that wrote it.");
        }
    }

    private static string Server(NpgsqlConnectionStringBuilder settings) => $"{settings.Host}:{settings.Port}/{settings.Database}";

    private async Task<T> ExplainAsync<T>(Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (Exception refused) when (SecondWriter.IsRefused(refused))
        {
            throw new StartRefusedException(
                $"The journal {Target} refused the row as a second writer's: another one wrote meanwhile, or its head disagrees with its rows. Run journal verify.");
        }
        catch (SqliteException failed)
        {
            throw new StartRefusedException(
                $"The journal {Target} cannot be used: {failed.Message} Run this as the aggregator's user; if the file is damaged, put back a good copy.");
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            var settings = PostgreSqlConnections.ToolSettings(options.PostgreSql);
            throw new StartRefusedException(
                $"The journal on {Server(settings)} cannot be used. {PostgreSqlFaults.Remedy(failed, settings) ?? PostgreSqlFaults.Cause(failed)}");
        }
    }
}
