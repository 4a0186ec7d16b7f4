using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security;

/// <summary>Counts and tells what became of changed files.</summary>
internal sealed class ReloadLog : IReloadLog
{
    private readonly SecurityMetrics _metrics;
    private readonly Credentials? _credentials;
    private readonly Identity? _toMembers;
    private readonly ILogger<ReloadLog> _log;

    /// <param name="credentials">Null without TLS.</param>
    public ReloadLog(SecurityMetrics metrics, ILogger<ReloadLog> log, Credentials? credentials = null)
    {
        (_credentials, _metrics, _log) = (credentials, metrics, log);
        _toMembers = credentials?.Identity.Current;
        ShowExpiry();
    }

    public void Reloaded(string what)
    {
        _metrics.Reloads.WithLabels(what).Inc();
        ShowExpiry();
        if (what != ReloadedFile.Certificate)
        {
            _log.LogInformation("The new {File} is in use", what);
            return;
        }

        // Akka.Remote takes its certificate once, when it starts.
        _metrics.RestartDue.Set(1);
        _log.LogWarning(
            "The new certificate (until {NotAfter:u}) is in use for agents and HTTP. Other members are shown the old one until a restart, which is due before {OldNotAfter:u}",
            _credentials!.Identity.Current.Expires,
            _toMembers!.Expires);
    }

    public void Kept(string what, string why)
    {
        _metrics.ReloadFailures.WithLabels(what).Inc();
        _log.LogError("The changed {File} cannot be used, so the old one stays in use: {Reason}", what, why);
    }

    private void ShowExpiry()
    {
        if (_credentials is not null)
        {
            _metrics.Shown(_credentials.Identity.Current, _toMembers!);
        }
    }
}
