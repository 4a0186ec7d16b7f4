using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Caretta.Messages.Tls;
using Grpc.Core;

namespace Caretta.Node.Forward;

/// <summary>
/// How the agent's connections to aggregators are secured: whom it believes, and what it proves its node's name with. A connection uses what
/// the files held when it was made.
/// </summary>
public sealed class ChannelSecurity
{
    private readonly Reloaded<Authorities>? _authorities;
    private readonly Reloaded<Identity>? _identity;
    private readonly TokenFile? _token;
    private readonly ForwarderMetrics? _metrics;
    private readonly TimeProvider _time;

    /// <param name="identity">Null: the agent has no certificate, but a token.</param>
    /// <param name="token">Null: no token, but a certificate.</param>
    public ChannelSecurity(
        Reloaded<Authorities> authorities, Reloaded<Identity>? identity, TokenFile? token, ForwarderMetrics metrics, TimeProvider time)
        : this(time) => (_authorities, _identity, _token, _metrics) = (authorities, identity, token, metrics);

    private ChannelSecurity(TimeProvider time) => _time = time;

    /// <summary>For http:// on loopback.</summary>
    public static ChannelSecurity Off { get; } = new(TimeProvider.System);

    /// <summary>For the connections this handler makes.</summary>
    public void Secure(SocketsHttpHandler handler)
    {
        if (_authorities is null)
        {
            return;
        }

        handler.SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = _authorities.Current.Policy(),
            ClientCertificateContext = _identity?.Current.Context,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = (connection, certificate, chain, errors) =>
                Judge(((SslStream)connection).TargetHostName, certificate, chain, errors),
        };
    }

    /// <summary>For a new stream.</summary>
    /// <exception cref="UnusableFileException">The token cannot be read.</exception>
    public Metadata Headers() => _token is null ? [] : new Metadata { { "authorization", $"Bearer {_token.Read()}" } };

    /// <exception cref="AuthenticationException">It is not who we dialled; the message says why.</exception>
    private bool Judge(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var fault = certificate is null
            ? new PeerFault(FaultKind.Untrusted, "it shows no certificate.")
            : Judge(host, (X509Certificate2)certificate, chain, errors);
        if (fault is null)
        {
            return true;
        }

        _metrics?.Distrusted(fault.Kind);
        throw new AuthenticationException($"The aggregator at {host} is not believed: {fault.Reason}");
    }

    private PeerFault? Judge(string host, X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_authorities!.Current.Check(certificate, chain?.ChainPolicy.ExtraStore ?? [], PeerRole.Server, _time.GetUtcNow()) is { } fault)
        {
            return fault;
        }

        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? null : new PeerFault(
            FaultKind.Name,
            $"{CertificateNames.Describe(certificate)} is not for {host}. Dial it by a name in its certificate, or issue one with this name.");
    }
}
