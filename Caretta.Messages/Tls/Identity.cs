using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caretta.Messages.Tls;

/// <summary>What this process proves itself with: its certificate, with the key, and the intermediates it sends along.</summary>
public sealed class Identity
{
    private Identity(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        Certificate = certificate;
        Intermediates = intermediates;
        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true); // offline: nothing is downloaded
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2Collection Intermediates { get; }

    public SslStreamCertificateContext Context { get; }

    public DateTimeOffset Expires => new(Certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    /// <param name="certificates">PEM: the certificate, then its intermediates.</param>
    /// <param name="key">PEM, not encrypted.</param>
    /// <exception cref="UnusableFileException">They cannot be used, or not now, or not together.</exception>
    public static Identity Parse(FileText certificates, FileText key, DateTimeOffset now)
    {
        var chain = Certificates.Parse(certificates);
        var leaf = WithKey(certificates, key);
        chain[0].Dispose();
        chain.RemoveAt(0);
        Certificates.RequireValid(leaf, certificates.File, now);
        return new Identity(leaf, chain);
    }

    private static X509Certificate2 WithKey(FileText certificates, FileText key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificates.Text, key.Text);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new UnusableFileException(
                $"The key in '{key.File}' cannot be used with the first certificate in '{certificates.File}': {wrong.Message} "
                + "Give the unencrypted PEM key that the certificate was issued for.",
                wrong);
        }
    }
}
