using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Database;

[Collection(SharedPostgres.Name)]
public sealed class PostgreSqlSecondWriterSpecs(SharedPostgres postgres) : SecondWriterSpecs(PostgresUnderTest.Open(postgres.Server));
