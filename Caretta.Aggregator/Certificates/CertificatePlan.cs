using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Certificates;

/// <summary>
/// What an installation's certificates should be next. Nobody is ever shown a certificate whose authority he has not had a week to learn of, and
/// an authority is believed for as long as anything it issued may be shown.
/// </summary>
internal static class CertificatePlan
{
    private static readonly TimeSpan AuthorityReserve = TimeSpan.FromDays(365);
    private static readonly TimeSpan MemberReserve = TimeSpan.FromDays(30);
    private static readonly TimeSpan ToLearnOf = TimeSpan.FromDays(7);

    /// <param name="names">DNS names of the members' certificate.</param>
    /// <returns>The same, if there is nothing to do.</returns>
    /// <exception cref="StartRefusedException">What is held cannot be read. It is not replaced without being asked: agents would believe nobody.</exception>
    public static HeldCertificates Next(HeldCertificates held, IReadOnlyList<string> names, DateTimeOffset now) =>
        WithMember(WithAuthority(held, now), names, now);

    private static HeldCertificates WithAuthority(HeldCertificates held, DateTimeOffset now)
    {
        if (held.Previous is { } previous && Ends(previous, "previous.crt") <= now)
        {
            held = held with { Previous = null };
        }

        if (held.Authority is not { } authority || Ends(authority.Certificate, "ca.crt") <= now)
        {
            return held with { Previous = null, Authority = CertificateMaker.Authority(now), Next = null };
        }

        RequireKey(authority, "ca");
        if (held.Next is not { } next)
        {
            return Ends(authority.Certificate, "ca.crt") - AuthorityReserve <= now ? held with { Next = CertificateMaker.Authority(now) } : held;
        }

        RequireKey(next, "next");
        return Began(next.Certificate, "next.crt") + ToLearnOf <= now
            ? held with { Previous = authority.Certificate, Authority = next, Next = null }
            : held;
    }

    private static HeldCertificates WithMember(HeldCertificates held, IReadOnlyList<string> names, DateTimeOffset now) =>
        held.Member is { } member && IsGood(member, held.Authority!, names, now)
            ? held
            : held with
            {
                Member = CertificateMaker.Member(held.Authority!, names, now),
                Renewals = held.Member is null ? held.Renewals : held.Renewals + 1,
            };

    private static bool IsGood(IssuedPem member, IssuedPem authority, IReadOnlyList<string> names, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(member.Certificate, member.Key);
            using var issuer = X509Certificate2.CreateFromPem(authority.Certificate);
            return certificate.NotAfter.ToUniversalTime() - MemberReserve > now.UtcDateTime
                && certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData)
                && CertificateNames.Dns(certificate).Order().SequenceEqual(names.Order());
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            return false; // unlike an authority it can be made again at no cost
        }
    }

    private static DateTimeOffset Ends(string pem, string key) => Read(pem, key, certificate => certificate.NotAfter);

    private static DateTimeOffset Began(string pem, string key) => Read(pem, key, certificate => certificate.NotBefore);

    private static DateTimeOffset Read(string pem, string key, Func<X509Certificate2, DateTime> time)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return time(certificate).ToUniversalTime();
        }
        catch (CryptographicException unreadable)
        {
            throw Unreadable(key, unreadable);
        }
    }

    private static void RequireKey(IssuedPem authority, string key)
    {
        try
        {
            X509Certificate2.CreateFromPem(authority.Certificate, authority.Key).Dispose();
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw Unreadable($"{key}.key", wrong);
        }
    }

    private static StartRefusedException Unreadable(string key, Exception why) => new(
        $"The authority's Secret holds a {key} that cannot be used: {why.Message} Put back what was there, or empty the Secret and run this again: then "
        + "there is a new authority, and agents and members that have not read it yet are refused until they have, which takes some minutes.");
}
