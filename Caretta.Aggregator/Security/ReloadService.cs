using Caretta.Aggregator.Security.Http;
using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security;

/// <summary>Looks after the files as long as the process runs.</summary>
internal sealed class ReloadService(HttpCredentials http, ReloadLog log, TimeProvider time, Credentials? credentials = null) : IHostedService, IDisposable
{
    private ReloadClock? _clock;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _clock = new ReloadClock([.. credentials?.Files ?? [], .. http.Files], log, time);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _clock?.Dispose();
}
