using System.Security.Cryptography.X509Certificates;
using Caretta.Aggregator;
using Caretta.Aggregator.Certificates;
using Caretta.Messages.Tls;

namespace Caretta.Tests.Aggregator.Certificates;

public class CertificatePlanSpecs
{
    private const string MemberName = "caretta-aggregator";
    private static readonly string[] Names = [MemberName, "caretta-aggregator-agents.caretta.svc"];
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_empty_installation_gets_an_authority_and_a_certificate_that_members_and_agents_take()
    {
        var made = CertificatePlan.Next(HeldCertificates.None, Names, Start);

        Assert.Null(FaultOf(made.Member!, made.Bundle, Start));
        Assert.Equal(0, made.Renewals);
        using var member = X509Certificate2.CreateFromPem(made.Member!.Certificate, made.Member.Key);
        Assert.Equal(Names, CertificateNames.Dns(member));
    }

    [Fact]
    public void What_is_good_is_left_alone()
    {
        var made = CertificatePlan.Next(HeldCertificates.None, Names, Start);

        Assert.Equal(made, CertificatePlan.Next(made, Names, Start.AddDays(59)));
    }

    [Fact]
    public void A_certificate_is_renewed_a_month_before_its_end()
    {
        var made = CertificatePlan.Next(HeldCertificates.None, Names, Start);
        var later = CertificatePlan.Next(made, Names, Start.AddDays(60));

        Assert.NotEqual(made.Member, later.Member);
        Assert.Equal(made.Authority, later.Authority);
        Assert.Equal(1, later.Renewals);
    }

    [Fact]
    public void A_certificate_whose_names_are_no_longer_those_wanted_is_renewed()
    {
        var made = CertificatePlan.Next(HeldCertificates.None, Names, Start);
        var later = CertificatePlan.Next(made, [.. Names, "map.example.com"], Start);

        using var member = X509Certificate2.CreateFromPem(later.Member!.Certificate);
        Assert.Contains("map.example.com", CertificateNames.Dns(member));
        Assert.Equal(later, CertificatePlan.Next(later, ["map.example.com", .. Names], Start)); // in whatever order
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_or_has_another_ones_key_is_made_again()
    {
        var made = CertificatePlan.Next(HeldCertificates.None, Names, Start);
        var garbled = made with { Member = made.Member! with { Certificate = "cut o" } };
        var mixed = made with { Member = made.Member! with { Key = made.Authority!.Key } };

        Assert.Null(FaultOf(CertificatePlan.Next(garbled, Names, Start).Member!, made.Bundle, Start));
        Assert.Null(FaultOf(CertificatePlan.Next(mixed, Names, Start).Member!, made.Bundle, Start));
    }

    [Fact]
    public void An_authority_that_cannot_be_read_is_not_replaced_but_named()
    {
        var made = CertificatePlan.Next(HeldCertificates.None, Names, Start);

        var cut = Assert.Throws<StartRefusedException>(() => CertificatePlan.Next(made with { Authority = new IssuedPem("cut o", "") }, Names, Start));
        var mixed = Assert.Throws<StartRefusedException>(
            () => CertificatePlan.Next(made with { Authority = made.Authority! with { Key = made.Member!.Key } }, Names, Start));

        Assert.Contains("ca.crt", cut.Message, StringComparison.Ordinal);
        Assert.Contains("ca.key", mixed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", mixed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_authority_is_told_of_a_week_before_it_issues()
    {
        var made = CertificatePlan.Next(HeldCertificates.None, Names, Start);
        var told = CertificatePlan.Next(made, Names, Start.AddDays(731));
        var almost = CertificatePlan.Next(told, Names, Start.AddDays(737));
        var issues = CertificatePlan.Next(told, Names, Start.AddDays(738));

        Assert.Equal(made.Authority, told.Authority);
        Assert.Contains(told.Next!.Certificate.Trim(), told.Bundle, StringComparison.Ordinal);
        Assert.Equal(told, almost);
        Assert.Equal(told.Next, issues.Authority);
        Assert.Equal(made.Authority!.Certificate, issues.Previous);
        Assert.Null(FaultOf(issues.Member!, told.Bundle, Start.AddDays(738))); // who has not read the newest bundle yet takes it
        Assert.Null(FaultOf(told.Member!, issues.Bundle, Start.AddDays(738))); // and who shows the old one still is taken
    }

    [Fact]
    public void Run_once_a_week_for_ten_years_the_certificate_shown_before_a_run_and_the_one_after_are_both_good_by_either_bundle()
    {
        var held = CertificatePlan.Next(HeldCertificates.None, Names, Start);
        for (var now = Start.AddDays(7); now < Start.AddYears(10); now = now.AddDays(7))
        {
            var next = CertificatePlan.Next(held, Names, now);

            Assert.All(
                from member in new[] { held.Member!, next.Member! } from bundle in new[] { held.Bundle, next.Bundle } select (member, bundle),
                pair => Assert.Null(FaultOf(pair.member, pair.bundle, now)));
            Assert.InRange(next.Bundle.Split("BEGIN CERTIFICATE").Length - 1, 1, 3);
            held = next;
        }
    }

    [Fact]
    public void After_years_without_a_run_there_is_a_new_authority()
    {
        var made = CertificatePlan.Next(HeldCertificates.None, Names, Start);
        var late = Start.AddYears(4);
        var again = CertificatePlan.Next(made, Names, late);

        Assert.NotEqual(made.Authority, again.Authority);
        Assert.Null(FaultOf(again.Member!, again.Bundle, late));
    }

    /// <summary>What a member says of another that shows it.</summary>
    private static PeerFault? FaultOf(IssuedPem member, string bundle, DateTimeOffset now)
    {
        using var certificate = X509Certificate2.CreateFromPem(member.Certificate, member.Key);
        return Caretta.Aggregator.Security.MemberCertificate.Check(
            certificate, [], Authorities.Parse(new FileText("ca.crt", bundle)), MemberName, now);
    }
}
