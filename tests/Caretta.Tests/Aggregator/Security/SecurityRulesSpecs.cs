using Caretta.Aggregator;
using Caretta.Aggregator.Security;
using Caretta.FakeCluster;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Messages.Tls;

namespace Caretta.Tests.Aggregator.Security;

/// <summary>Starts that are refused, each with cause and remedy.</summary>
public sealed class SecurityRulesSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority;

    public SecurityRulesSpecs() => _authority = new TestAuthority(_folder.Path);

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Off_is_for_loopback_alone_and_never_by_default()
    {
        Assert.Equal(SecurityMode.Tls, new AggregatorOptions().Security);
        SecurityRules.Check(new AggregatorOptions { Security = SecurityMode.Off });
        SecurityRules.Check(new AggregatorOptions { Security = SecurityMode.Off, ListenAddress = "::1" });
        foreach (var address in new[] { "0.0.0.0", "::", "192.0.2.1" })
        {
            Assert.Contains("listen on 127.0.0.1", Refusal(new AggregatorOptions { Security = SecurityMode.Off, ListenAddress = address }), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_files_it_says_which_to_give_and_how_to_do_without_for_a_trial()
    {
        var refusal = Refusal(new AggregatorOptions { CertificateFile = "a" });
        Assert.Contains("Caretta:Aggregator:KeyFile, Caretta:Aggregator:CaFile are not set", refusal, StringComparison.Ordinal);
        Assert.Contains("set Caretta:Aggregator:Security to Off", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_and_tokens_do_not_travel_readable()
    {
        var options = Files(_authority.Member());
        (options.ListenAddress, options.HttpSecurity, options.HttpTokensFile) = ("0.0.0.0", SecurityMode.Off, "tokens");
        Assert.Contains("let a proxy authenticate", Refusal(options), StringComparison.Ordinal);
        options.HttpTokensFile = "";
        SecurityRules.Check(options); // without any secret, that is the operator's choice
        Assert.Contains(
            "there is no certificate",
            Refusal(new AggregatorOptions { Security = SecurityMode.Off, HttpSecurity = SecurityMode.Tls }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named_with_what_is_wrong()
    {
        var (certificate, key) = _authority.Member();
        var now = DateTimeOffset.UtcNow;
        Assert.Contains("cannot be read", Unloadable(("/nowhere/a.crt", key)), StringComparison.Ordinal);
        Assert.Contains("cannot be used with the first certificate", Unloadable((certificate, _authority.Member("other").KeyFile)), StringComparison.Ordinal);
        Assert.Contains("no PEM certificate", Unloadable((key, key)), StringComparison.Ordinal);
        Assert.Contains("cannot be used with the first certificate", Unloadable((certificate, certificate)), StringComparison.Ordinal);
        Assert.Contains(
            "expired at", Unloadable(_authority.Issue("old", ["caretta-aggregator"], TestAuthority.DialsAndIsDialled, now.AddDays(-1), now.AddHours(-1))), StringComparison.Ordinal);
        Assert.Contains(
            "set the clock", Unloadable(_authority.Issue("early", ["caretta-aggregator"], TestAuthority.DialsAndIsDialled, now.AddHours(1), now.AddDays(1))), StringComparison.Ordinal);
        using var stranger = new TestAuthority(_folder.Path, "stranger");
        Assert.Contains("does not chain", Unloadable(stranger.Member("forged")), StringComparison.Ordinal);
        Assert.Contains("lacks the extended key usage clientAuth", Unloadable(_authority.Server("server", "caretta-aggregator")), StringComparison.Ordinal);
        Assert.Contains("members' name caretta-aggregator", Unloadable(_authority.Issue("nameless", ["x"], TestAuthority.DialsAndIsDialled)), StringComparison.Ordinal);

        var options = Files((certificate, key));
        options.CaFile = certificate;
        Assert.Contains("holds no certificate authority", Assert.Throws<StartRefusedException>(() => Credentials.Load(options, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    private static string Refusal(AggregatorOptions options) => Assert.Throws<StartRefusedException>(() => SecurityRules.Check(options)).Message;

    private string Unloadable((string, string) files) =>
        Assert.Throws<StartRefusedException>(() => Credentials.Load(Files(files), TimeProvider.System)).Message;

    private AggregatorOptions Files((string Certificate, string Key) files) =>
        new() { CertificateFile = files.Certificate, KeyFile = files.Key, CaFile = _authority.CaFile };
}
