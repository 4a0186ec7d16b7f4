using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caretta.Aggregator.Certificates;

/// <summary>Makes authorities, and certificates for members.</summary>
internal static class CertificateMaker
{
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3 * 365);
    public static readonly TimeSpan MemberLife = TimeSpan.FromDays(90);

    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const int SerialBytes = 16;

    /// <summary>Other hosts' clocks may be behind.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    public static IssuedPem Authority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // Each has a name of its own: an issuer is looked for by name.
        var name = $"CN=caretta authority {now:yyyy-MM-dd} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - Before, now + AuthorityLife);
        return new IssuedPem(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <param name="names">DNS names: the members' common one, and those that agents dial.</param>
    public static IssuedPem Member(IssuedPem authority, IEnumerable<string> names, DateTimeOffset now)
    {
        using var issuer = X509Certificate2.CreateFromPem(authority.Certificate, authority.Key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=caretta aggregator", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuth), new Oid(ClientAuth)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.Create(issuer, now - Before, now + MemberLife, RandomNumberGenerator.GetBytes(SerialBytes));
        return new IssuedPem(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
