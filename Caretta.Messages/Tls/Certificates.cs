using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caretta.Messages.Tls;

/// <summary>Certificates out of PEM text.</summary>
internal static class Certificates
{
    /// <exception cref="UnusableFileException">There is none, or one is cut or garbled.</exception>
    public static X509Certificate2Collection Parse(FileText pem)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem.Text);
        }
        catch (CryptographicException garbled)
        {
            throw new UnusableFileException($"'{pem.File}' holds a certificate that cannot be read: {garbled.Message} Write it anew, as PEM.", garbled);
        }

        // The importer passes over what it does not take for PEM: a chain cut in the middle would just be shorter.
        var begun = pem.Text.Split("-----BEGIN CERTIFICATE-----").Length - 1;
        return found.Count > 0 && found.Count == begun
            ? found
            : throw new UnusableFileException(
                $"'{pem.File}' holds {(begun == 0 ? "no PEM certificate" : "a certificate that is cut off")}. Give a file with -----BEGIN CERTIFICATE----- blocks.");
    }

    /// <exception cref="UnusableFileException">Its time is over, or has not come.</exception>
    public static void RequireValid(X509Certificate2 certificate, string file, DateTimeOffset now)
    {
        if (now > certificate.NotAfter.ToUniversalTime())
        {
            throw new UnusableFileException(
                $"The certificate in '{file}' expired at {certificate.NotAfter.ToUniversalTime():u} (serial {certificate.SerialNumber}). Issue a new one.");
        }

        if (now < certificate.NotBefore.ToUniversalTime())
        {
            throw new UnusableFileException(
                $"The certificate in '{file}' is not valid before {certificate.NotBefore.ToUniversalTime():u}; it is {now:u} here. "
                + "Issue another one, or set the clock.");
        }
    }
}
