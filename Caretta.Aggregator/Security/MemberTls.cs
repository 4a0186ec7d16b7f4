using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Hosting;
using Caretta.Aggregator.Cluster.Renewal;
using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security;

/// <summary>
/// Connections between members: both ends show a member's certificate. Which authorities count is asked anew at each handshake; the
/// certificate shown is the one of the start, because Akka.Remote takes it once. Names of hosts are not compared: members find each other by
/// address, and the members' name stands for it.
/// </summary>
internal sealed class MemberTls(AggregatorOptions options, Credentials credentials, SecurityMetrics metrics, TimeProvider time) : IShownCertificate
{
    private readonly Identity _shown = credentials.Identity.Current;

    public bool IsOutdated => credentials.Identity.Current != _shown;

    public DateTimeOffset Expires => _shown.Expires;

    public SslOptions Options() => new()
    {
        X509Certificate = _shown.Certificate,
        RequireMutualAuthentication = true,
        ValidateCertificateHostname = false,
        SuppressValidation = false,
        CustomValidator = Accepts,
    };

    private bool Accepts(X509Certificate2? certificate, X509Chain? chain, string peer, SslPolicyErrors errors, ILoggingAdapter log)
    {
        var fault = certificate is null
            ? new PeerFault(FaultKind.Untrusted, "it showed no certificate.")
            : MemberCertificate.Check(
                certificate, chain?.ChainPolicy.ExtraStore ?? [], credentials.Authorities.Current, options.MemberName, time.GetUtcNow());
        if (fault is null)
        {
            return true;
        }

        metrics.MemberRefused(fault.Kind);
        log.Warning("Refused {0} as a member: {1}", peer, fault.Reason);
        return false;
    }
}
