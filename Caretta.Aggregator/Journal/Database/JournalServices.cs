using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>The journal's part of the process.</summary>
internal static class JournalServices
{
    /// <exception cref="StartRefusedException">The journal's file cannot be used.</exception>
    public static void AddJournal(this IServiceCollection services, AggregatorOptions options)
    {
        services.AddSingleton<JournalAvailability>();
        if (options.Journal == JournalKind.Sqlite)
        {
            var file = JournalFile.Open(options.DataFolder, LinkSharding.DefaultShardCount, DateTimeOffset.UtcNow);
            services.AddSingleton<IJournalDatabase>(provider =>
                new SqliteJournalDatabase(file, provider.GetRequiredService<JournalAvailability>()));
            return;
        }

        PostgreSqlThreads.Provide(PostgreSqlConnections.Settings(options.PostgreSql));
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<PostgreSqlJournalDatabase>(provider, LinkSharding.DefaultShardCount));
        services.AddSingleton<IJournalDatabase>(provider => provider.GetRequiredService<PostgreSqlJournalDatabase>());
        services.AddHostedService(provider => provider.GetRequiredService<PostgreSqlJournalDatabase>());
    }
}
