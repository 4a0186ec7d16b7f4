using Caretta.TestServers;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>One server for the specs that neither stop nor kill it; each has its own database.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPostgres : ICollectionFixture<SharedPostgres>, IAsyncLifetime
{
    public const string Name = "PostgreSQL";

    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PostgresServer.StartAsync(new PostgresSettings(Fsync: false));

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
