using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Caretta.Aggregator.Security;

/// <summary>The server's side of TLS. Each handshake uses the certificate and the authorities of its moment.</summary>
internal sealed class ServerTls(Credentials credentials)
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>A handshake that takes longer is over.</summary>
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);

    /// <summary>Asks for a certificate and takes the connection without one, too: an agent may prove itself by a token.</summary>
    public TlsHandshakeCallbackOptions ForAgents() => new()
    {
        HandshakeTimeout = HandshakeWithin,
        OnConnection = context =>
        {
            var options = Options();
            options.ClientCertificateRequired = true;
            options.CertificateChainPolicy = credentials.Authorities.Current.Policy();
            options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => Note(context, certificate, chain);
            return ValueTask.FromResult(options);
        },
    };

    public TlsHandshakeCallbackOptions ForHttp() => new()
    {
        HandshakeTimeout = HandshakeWithin,
        OnConnection = _ => ValueTask.FromResult(Options()),
    };

    private static bool Note(TlsHandshakeCallbackContext context, X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is not null)
        {
            context.Connection.Features.Set(PeerCertificate.Copy(certificate, chain));
        }

        return true;
    }

    /// <summary>No resumption: who comes again shows his certificate again.</summary>
    private SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificateContext = credentials.Identity.Current.Context,
        EnabledSslProtocols = Protocols,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowTlsResume = false,
    };
}
