using Caretta.FakeCluster;
using Caretta.Node;
using Caretta.Node.Security;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Messages.Tls;

namespace Caretta.Tests.Node.Security;

/// <summary>Starts of the agent that are refused, each with cause and remedy.</summary>
public sealed class NodeSecuritySpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority;

    public NodeSecuritySpecs() => _authority = new TestAuthority(_folder.Path);

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("http://127.0.0.1:7118", true)]
    [InlineData("http://localhost:7118", true)]
    [InlineData("http://[::1]:7118", true)]
    [InlineData("http://192.0.2.1:7118", false)]
    [InlineData("https://127.0.0.1:7118", false)]
    public void Off_is_for_http_on_loopback_alone(string aggregator, bool allowed)
    {
        var options = new NodeOptions { Security = SecurityMode.Off, Aggregator = aggregator };
        if (allowed)
        {
            NodeSecurity.Check(options);
            Assert.Null(NodeSecurity.Open(options, TimeProvider.System));
            return;
        }

        Assert.Contains("Security is Off", Refusal(options), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Contains("CaFile is not set", Refusal(new NodeOptions()), StringComparison.Ordinal);
        Assert.Contains("Write https://", Refusal(new NodeOptions { Aggregator = "https://localhost:7118,http://localhost:7118" }), StringComparison.Ordinal);
        Assert.Contains("go together", Refusal(new NodeOptions { CaFile = "ca", CertificateFile = "a" }), StringComparison.Ordinal);
        Assert.Contains("could not prove which node", Refusal(new NodeOptions { CaFile = "ca" }), StringComparison.Ordinal);
        NodeSecurity.Check(new NodeOptions { CaFile = "ca", TokenFile = "token" });
    }

    [Fact]
    public void What_cannot_be_used_is_named()
    {
        var (certificate, key) = _authority.Node("node-a");
        var options = new NodeOptions { NodeName = "node-a", CaFile = _authority.CaFile, CertificateFile = certificate, KeyFile = key };
        Assert.NotNull(NodeSecurity.Open(options, TimeProvider.System));
        options.TokenFile = "/nowhere/token";
        Assert.Contains("/nowhere/token", Unloadable(options), StringComparison.Ordinal);
        options.TokenFile = "";
        options.NodeName = "node-b";
        Assert.Contains("bears node-a, but this is node 'node-b'", Unloadable(options), StringComparison.Ordinal);
        options.KeyFile = _authority.Node("node-c").KeyFile;
        Assert.Contains("cannot be used with the first certificate", Unloadable(options), StringComparison.Ordinal);
        options.CaFile = "/nowhere/ca";
        Assert.Contains("/nowhere/ca", Unloadable(options), StringComparison.Ordinal);
    }

    private static string Refusal(NodeOptions options) => Assert.Throws<BadStartException>(() => NodeSecurity.Check(options)).Message;

    private static string Unloadable(NodeOptions options) => Assert.Throws<BadStartException>(() => NodeSecurity.Open(options, TimeProvider.System)).Message;
}
