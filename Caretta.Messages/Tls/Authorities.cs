using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caretta.Messages.Tls;

/// <summary>The authorities we trust, and no others: the system's do not count. Nothing is downloaded, and there is no revocation.</summary>
public sealed class Authorities
{
    private static readonly Oid ServerAuth = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuth = new("1.3.6.1.5.5.7.3.2");
    private readonly X509Certificate2Collection _certificates;

    private Authorities(X509Certificate2Collection certificates) => _certificates = certificates;

    /// <param name="bundle">PEM: roots, and intermediates that peers do not send.</param>
    /// <exception cref="UnusableFileException">It holds no authority.</exception>
    public static Authorities Parse(FileText bundle)
    {
        var certificates = Certificates.Parse(bundle);
        return certificates.Any(IsRoot)
            ? new Authorities(certificates)
            : throw new UnusableFileException(
                $"'{bundle.File}' holds no certificate authority: none of its certificates is self-signed and allowed to issue. Give the root's certificate.");
    }

    /// <summary>What TLS itself is to check by, so that it neither asks the system's store nor the network.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_certificates);
        return policy;
    }

    /// <param name="sent">Intermediates that came with it.</param>
    /// <returns>Null if it proves what it says in that role now.</returns>
    public PeerFault? Check(X509Certificate2 peer, IEnumerable<X509Certificate2> sent, PeerRole role, DateTimeOffset now) =>
        CheckPurpose(peer, role) ?? CheckChain(peer, sent, now);

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
        && certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    /// <summary>Named outright: a certificate without purposes would be good for every one.</summary>
    private static PeerFault? CheckPurpose(X509Certificate2 peer, PeerRole role)
    {
        var named = peer.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(usages => usages.EnhancedKeyUsages.Cast<Oid>())
            .Select(usage => usage.Value).ToHashSet();
        var lacking = new[] { (Usage: ServerAuth, Name: "serverAuth", Of: PeerRole.Client), (Usage: ClientAuth, Name: "clientAuth", Of: PeerRole.Server) }
            .Where(needed => role != needed.Of && !named.Contains(needed.Usage.Value)).Select(needed => needed.Name).ToList();
        return lacking.Count == 0 ? null : new PeerFault(
            FaultKind.Purpose,
            $"{CertificateNames.Describe(peer)} lacks the extended key usage {string.Join(" and ", lacking)}. Issue one with it.");
    }

    private PeerFault? CheckChain(X509Certificate2 peer, IEnumerable<X509Certificate2> sent, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(sent.ToArray());
        if (chain.Build(peer))
        {
            return null;
        }

        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        var onlyTime = (faults & ~X509ChainStatusFlags.NotTimeValid) == 0;
        return onlyTime
            ? new PeerFault(FaultKind.Expired, $"{CertificateNames.Describe(peer)}, or an issuer of it, is not valid at {now:u}; it ends at {peer.NotAfter.ToUniversalTime():u}. Issue a new one.")
            : new PeerFault(FaultKind.Untrusted, $"{CertificateNames.Describe(peer)}, issued by {peer.Issuer}, does not chain to an authority in the CA file ({faults}). Give its issuer's root there, or another certificate.");
    }
}
