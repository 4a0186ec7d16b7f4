namespace Caretta.Aggregator.Cluster;

/// <summary>Whether the process may still be a member, and if not, why it ends. The first reason is the one that is told.</summary>
internal sealed class MemberFate(IHostApplicationLifetime life)
{
    private string? _end;

    /// <summary>Null: it was not ended by this.</summary>
    public string? End => Volatile.Read(ref _end);

    public void EndBecause(string reason)
    {
        if (Interlocked.CompareExchange(ref _end, reason, null) is null)
        {
            life.StopApplication();
        }
    }
}
