using Caretta.Messages.Tls;

namespace Caretta.Node.Security;

/// <summary>Looks after the files as long as the process runs.</summary>
internal sealed class ReloadService(NodeCredentials credentials, ReloadLog log, TimeProvider time) : IHostedService, IDisposable
{
    private ReloadClock? _clock;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _clock = new ReloadClock(credentials.All, log, time);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _clock?.Dispose();
}
