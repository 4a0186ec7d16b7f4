using Microsoft.Extensions.Hosting;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>Knows whether it was told to stop.</summary>
internal sealed class StoppableProcess : IHostApplicationLifetime
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Stopped => _stopped.Task;

    public CancellationToken ApplicationStarted => default;

    public CancellationToken ApplicationStopping => default;

    public CancellationToken ApplicationStopped => default;

    public void StopApplication() => _stopped.TrySetResult();
}
