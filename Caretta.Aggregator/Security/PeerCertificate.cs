using System.Security.Cryptography.X509Certificates;

namespace Caretta.Aggregator.Security;

/// <summary>
/// What the peer of a connection showed in its handshake, believed or not: it is judged call by call, so that the refusal can say why, and
/// so that a change of our authorities counts at once. A feature of the connection.
/// </summary>
internal sealed record PeerCertificate(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Sent)
{
    /// <summary>Copies: TLS disposes of its own.</summary>
    public static PeerCertificate Copy(X509Certificate certificate, X509Chain? chain) => new(
        X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()),
        [.. (chain?.ChainPolicy.ExtraStore ?? []).Select(sent => X509CertificateLoader.LoadCertificate(sent.RawData))]);
}
