using Caretta.Messages.Tls;

namespace Caretta.Node.Security;

/// <summary>Counts and tells what became of changed files.</summary>
internal sealed class ReloadLog : IReloadLog
{
    private readonly NodeCredentials _credentials;
    private readonly SecurityMetrics _metrics;
    private readonly ILogger<ReloadLog> _log;

    public ReloadLog(NodeCredentials credentials, SecurityMetrics metrics, ILogger<ReloadLog> log)
    {
        (_credentials, _metrics, _log) = (credentials, metrics, log);
        ShowExpiry();
    }

    public void Reloaded(string what)
    {
        _metrics.Reloads.WithLabels(what).Inc();
        ShowExpiry();
        _log.LogInformation("The new {File} is in use from the next connection on", what);
    }

    public void Kept(string what, string why)
    {
        _metrics.ReloadFailures.WithLabels(what).Inc();
        _log.LogError("The changed {File} cannot be used, so the old one stays in use: {Reason}", what, why);
    }

    private void ShowExpiry() => _metrics.Expiry.Set(_credentials.Identity?.Current.Expires.ToUnixTimeSeconds() ?? 0);
}
