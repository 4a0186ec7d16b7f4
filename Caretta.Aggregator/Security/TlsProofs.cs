using Caretta.Tls;

namespace Caretta.Aggregator.Security;

/// <summary>Under TLS an agent proves its node's name by its client certificate.</summary>
internal sealed class TlsProofs(Credentials credentials, TimeProvider time) : INodeProofs
{
    public ValueTask<NodeProof> OfAsync(HttpContext call, CancellationToken cancellation) =>
        call.Features.Get<PeerCertificate>() is { } peer
            ? ValueTask.FromResult(Certified(peer))
            : throw new UnprovenException(Unproven.NoProof, "The agent showed no client certificate. Give it CertificateFile and KeyFile.");

    private NodeProof Certified(PeerCertificate peer)
    {
        if (credentials.Authorities.Current.Check(peer.Certificate, peer.Sent, PeerRole.Client, time.GetUtcNow()) is { } fault)
        {
            throw new UnprovenException(Reason(fault.Kind), $"The aggregator refuses the agent's certificate: {fault.Reason}");
        }

        // One name exactly: of several it would be a guess which node is meant, and the common name is free text.
        return CertificateNames.Dns(peer.Certificate) is [var name] && !name.Contains('*', StringComparison.Ordinal)
            ? new NodeProof(name, new DateTimeOffset(peer.Certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero))
            : throw new UnprovenException(
                Unproven.CertificateName,
                $"{CertificateNames.Describe(peer.Certificate)} names no node: it must bear exactly one DNS name, without *, and that is the node's.");
    }

    private static Unproven Reason(FaultKind kind) => kind switch
    {
        FaultKind.Expired => Unproven.CertificateExpired,
        FaultKind.Purpose => Unproven.CertificatePurpose,
        FaultKind.Name => Unproven.CertificateName,
        _ => Unproven.CertificateUntrusted,
    };
}
