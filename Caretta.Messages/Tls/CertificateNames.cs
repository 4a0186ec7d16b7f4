using System.Security.Cryptography.X509Certificates;

namespace Caretta.Messages.Tls;

/// <summary>The names a certificate bears. Only subject alternative names of the DNS kind count; the subject's common name is no name.</summary>
public static class CertificateNames
{
    public static IReadOnlyList<string> Dns(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames())];

    /// <summary>For messages: what it is called, and what tells it from others of that name.</summary>
    public static string Describe(X509Certificate2 certificate)
    {
        var names = Dns(certificate);
        return $"the certificate {(names.Count > 0 ? string.Join(", ", names) : certificate.Subject)} (serial {certificate.SerialNumber})";
    }
}
