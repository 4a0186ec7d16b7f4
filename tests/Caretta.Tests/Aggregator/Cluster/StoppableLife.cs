using Microsoft.Extensions.Hosting;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>A process's life without the process.</summary>
internal sealed class StoppableLife : IHostApplicationLifetime, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => _stopping.Token;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
