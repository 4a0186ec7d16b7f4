using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Database;

/// <summary>What snapshots promise on SQLite they promise here.</summary>
[Collection(SharedPostgres.Name)]
public sealed class PostgreSqlSnapshotSpecs(SharedPostgres postgres) : LedgerSnapshotSpecs(PostgresUnderTest.Open(postgres.Server));
