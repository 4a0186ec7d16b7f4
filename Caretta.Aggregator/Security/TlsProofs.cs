using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security;

/// <summary>Under TLS an agent proves its node's name by its client certificate or its token.</summary>
internal sealed class TlsProofs(Credentials credentials, TimeProvider time, TokenReviews? tokens = null) : INodeProofs
{
    private const string Bearer = "Bearer ";

    /// <summary>A certificate that is shown is what counts; one that is wrong is not made good by a token.</summary>
    public async ValueTask<NodeProof> OfAsync(HttpContext call, CancellationToken cancellation)
    {
        if (call.Features.Get<PeerCertificate>() is { } peer)
        {
            return Certified(peer);
        }

        var authorization = call.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            throw new UnprovenException(
                Unproven.NoProof, "The agent showed neither a client certificate nor a token. Give it CertificateFile and KeyFile, or in Kubernetes TokenFile.");
        }

        return tokens is null
            ? throw new UnprovenException(
                Unproven.TokenNotTaken,
                $"This aggregator takes no tokens. Set {AggregatorOptions.Section}:{nameof(AggregatorOptions.AgentServiceAccount)} there, or give the agent a certificate.")
            : await tokens.ProveAsync(authorization[Bearer.Length..], cancellation);
    }

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
