using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Tool;

[Collection(SharedPostgres.Name)]
public sealed class PostgreSqlVerifySpecs(SharedPostgres postgres) : VerifySpecs(new PostgresPlace(postgres.Server), new PostgresPlace(postgres.Server));
