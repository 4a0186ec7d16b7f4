using System.Security.Cryptography.X509Certificates;
using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security;

/// <summary>
/// What makes a certificate a member's: an authority of ours, both purposes, and the name that all members share. An agent's certificate has
/// neither of the latter two, so an agent cannot speak to members as one of them.
/// </summary>
internal static class MemberCertificate
{
    public static PeerFault? Check(
        X509Certificate2 certificate, IEnumerable<X509Certificate2> sent, Authorities authorities, string memberName, DateTimeOffset now)
    {
        if (authorities.Check(certificate, sent, PeerRole.Member, now) is { } fault)
        {
            return fault;
        }

        return CertificateNames.Dns(certificate).Contains(memberName, StringComparer.OrdinalIgnoreCase) ? null : new PeerFault(
            FaultKind.Name,
            $"{CertificateNames.Describe(certificate)} does not bear the members' name {memberName}. "
            + $"Issue one with it among the DNS names, or set {AggregatorOptions.Section}:{nameof(AggregatorOptions.MemberName)} on all members.");
    }
}
