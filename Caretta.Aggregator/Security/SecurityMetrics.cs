using Caretta.Messages.Tls;
using Prometheus;

namespace Caretta.Aggregator.Security;

/// <summary>Who was refused, and how the certificates stand.</summary>
internal sealed class SecurityMetrics(IMetricFactory metrics)
{
    private readonly Gauge _expiry = metrics.CreateGauge(
        "caretta_aggregator_certificate_expiry_seconds",
        "When the certificate ends, in Unix time, that agents and HTTP clients are shown. 0 without TLS.");

    private readonly Gauge _memberExpiry = metrics.CreateGauge(
        "caretta_aggregator_member_certificate_expiry_seconds",
        "When the certificate ends, in Unix time, that other members are shown: the one of the start. 0 without TLS.");

    private readonly Counter _unproven = From(
        metrics.CreateCounter("caretta_aggregator_unauthenticated_total", "Streams refused because the agent did not prove its node's name.", ["reason"]),
        Enum.GetValues<Unproven>().Select(UnprovenLabel.Of));

    private readonly Counter _members = From(
        metrics.CreateCounter("caretta_aggregator_member_refusals_total", "Connections between members refused because of the peer's certificate.", ["reason"]),
        Enum.GetValues<FaultKind>().Select(Label));

    private readonly Counter _operators = From(
        metrics.CreateCounter("caretta_aggregator_operator_refusals_total", "Commands refused because who gave them showed no member's certificate.", ["reason"]),
        Enum.GetValues<FaultKind>().Select(Label));

    public Counter TokenReviews { get; } = From(
        metrics.CreateCounter("caretta_aggregator_token_reviews_total", "Agents' tokens judged, and by what.", ["outcome"]),
        ["accepted", "refused", "remembered", "failed", "crowded"]);

    public Counter HttpRefusals { get; } = From(
        metrics.CreateCounter("caretta_aggregator_http_refusals_total", "HTTP requests refused because the client did not prove that it may ask.", ["reason"]),
        ["missing", "wrong", "crowded"]);

    public Counter Reloads { get; } = From(
        metrics.CreateCounter("caretta_aggregator_reloads_total", "Changed files taken over.", ["file"]), ReloadedFile.All);

    public Counter ReloadFailures { get; } = From(
        metrics.CreateCounter("caretta_aggregator_reload_failures_total", "Changed files that could not be used. The old content stays in use.", ["file"]),
        ReloadedFile.All);

    public Gauge RestartDue { get; } = metrics.CreateGauge(
        "caretta_aggregator_restart_due", "1 when the certificate has changed: connections between members show the old one until a restart.");

    public void Shown(Identity identity, Identity toMembers)
    {
        _expiry.Set(identity.Expires.ToUnixTimeSeconds());
        _memberExpiry.Set(toMembers.Expires.ToUnixTimeSeconds());
    }

    public void Refused(Unproven reason) => _unproven.WithLabels(UnprovenLabel.Of(reason)).Inc();

    public void OperatorRefused(FaultKind reason) => _operators.WithLabels(Label(reason)).Inc();

    public void MemberRefused(FaultKind reason) => _members.WithLabels(Label(reason)).Inc();

    private static string Label(FaultKind kind) => kind switch
    {
        FaultKind.Expired => "expired",
        FaultKind.Purpose => "purpose",
        FaultKind.Name => "name",
        _ => "untrusted",
    };

    /// <summary>From zero on, so that the first one is an increase.</summary>
    private static Counter From(Counter counter, IEnumerable<string> labels)
    {
        foreach (var label in labels)
        {
            counter.WithLabels(label);
        }

        return counter;
    }
}
