using Npgsql;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>
/// Npgsql asks the server to give up what took too long over a connection of its own, and waits there for the answer in a thread of the common pool. A server
/// that stands still does not answer: each connection can cost a thread until it goes on.
/// </summary>
internal static class PostgreSqlThreads
{
    /// <summary>
    /// So that there are threads for everything else although all of these wait. By itself the pool begins with one thread for each processor and adds one
    /// or two a second, on a busy machine one in many seconds; meanwhile nobody reads what comes over the network, heartbeats of other members included.
    /// </summary>
    public static void Provide(NpgsqlConnectionStringBuilder settings)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + settings.MaxPoolSize), completions);
    }
}
