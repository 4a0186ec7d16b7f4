using Caretta.Aggregator.Security;
using Caretta.Messages.Tls;
using Grpc.Core;

namespace Caretta.Aggregator.Operation;

/// <summary>Who may command an aggregator: whoever holds a member's certificate. An agent's is none, and a token does not do.</summary>
internal sealed class OperatorProof(AggregatorOptions options, SecurityMetrics metrics, TimeProvider time, Credentials? credentials = null)
{
    /// <returns>The certificate, in words.</returns>
    /// <exception cref="RpcException">He has not proven it.</exception>
    public string Require(HttpContext call)
    {
        var peer = call.Features.Get<PeerCertificate>();
        if (Fault(peer) is { } fault)
        {
            metrics.OperatorRefused(fault.Kind);
            throw new RpcException(new Status(StatusCode.Unauthenticated, $"The aggregator takes commands from who shows a member's certificate alone: {fault.Reason}"));
        }

        return CertificateNames.Describe(peer!.Certificate);
    }

    private PeerFault? Fault(PeerCertificate? peer) =>
        credentials is null ? new PeerFault(FaultKind.Untrusted, "it runs without TLS, and so nobody can show it one.")
        : peer is null ? new PeerFault(FaultKind.Untrusted, "none was shown.")
        : MemberCertificate.Check(peer.Certificate, peer.Sent, credentials.Authorities.Current, options.MemberName, time.GetUtcNow());
}
