using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Database;

/// <summary>What a shard's ledger promises on SQLite it promises here.</summary>
[Collection(SharedPostgres.Name)]
public sealed class PostgreSqlLedgerSpecs(SharedPostgres postgres) : ShardLedgerActorSpecs(PostgresUnderTest.Open(postgres.Server));
