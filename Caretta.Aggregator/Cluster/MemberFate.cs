namespace Caretta.Aggregator.Cluster;

/// <summary>Whether the process may still be a member, and if not, why it ends. The first reason is the one that is told.</summary>
internal sealed class MemberFate(IHostApplicationLifetime life, TimeProvider time) : IDisposable
{
    public const int ExitCode = 1;

    /// <summary>A stop that hangs is cut off: the supervisor starts the process again, and that is what the cluster waits for.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(15);

    private string? _end;
    private ITimer? _last;

    /// <summary>Null: it was not ended by this.</summary>
    public string? End => Volatile.Read(ref _end);

    public void EndBecause(string reason)
    {
        if (Interlocked.CompareExchange(ref _end, reason, null) is null)
        {
            _last = time.CreateTimer(_ => CutOff(reason), null, EndWithin, Timeout.InfiniteTimeSpan);
            ThreadPool.QueueUserWorkItem(_ => life.StopApplication()); // it runs what is registered with it; an actor does not wait for that
        }
    }

    public void Dispose() => _last?.Dispose();

    private static void CutOff(string reason)
    {
        Console.Error.WriteLine(reason);
        Environment.Exit(ExitCode);
    }
}
