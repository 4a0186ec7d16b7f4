using Caretta.Aggregator.Journal.Database;
using Npgsql;

namespace Caretta.Tests.Aggregator.Journal.Database;

/// <summary>The common pool's threads belong to the whole process: what is asked for here stays.</summary>
public class PostgreSqlThreadsSpecs
{
    [Fact]
    public void There_is_one_for_each_connection_that_may_wait_and_one_for_each_processor_and_never_fewer_than_before()
    {
        PostgreSqlThreads.Provide(new NpgsqlConnectionStringBuilder { MaxPoolSize = 30 });
        var least = Least();
        Assert.InRange(least, Environment.ProcessorCount + 30, int.MaxValue);

        PostgreSqlThreads.Provide(new NpgsqlConnectionStringBuilder { MaxPoolSize = 1 });
        Assert.InRange(Least(), least, int.MaxValue);
    }

    private static int Least()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }
}
