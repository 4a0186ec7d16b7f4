using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caretta.FakeCluster;

/// <summary>
/// A certificate authority made at run time, that writes PEM files as an operator would have them: ca.crt, and NAME.crt with NAME.key.
/// Nothing of it outlives the test's folder.
/// </summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly Oid ServerAuth = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuth = new("1.3.6.1.5.5.7.3.2");

    private readonly string _folder;
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2? _intermediate;

    /// <param name="folder">For the files; it exists.</param>
    /// <param name="name">Of the authority, and of its file.</param>
    /// <param name="withIntermediate">Certificates are issued by an intermediate, which NAME.crt then holds as well.</param>
    public TestAuthority(string folder, string name = "ca", bool withIntermediate = false)
    {
        _folder = folder;
        _root = Authority($"CN={name}", issuer: null);
        _intermediate = withIntermediate ? Authority($"CN={name} intermediate", _root) : null;
        CaFile = Path.Combine(folder, $"{name}.crt");
        WriteWhole(CaFile, _root.ExportCertificatePem());
    }

    public string CaFile { get; }

    /// <summary>For an aggregator: both purposes, the members' name, and the names and addresses by which agents reach it.</summary>
    public (string CertificateFile, string KeyFile) Member(string file = "member", params string[] hosts) =>
        Issue(file, ["caretta-aggregator", .. hosts.Length == 0 ? ["localhost", "127.0.0.1"] : hosts], [ServerAuth, ClientAuth]);

    /// <summary>For an agent: it may dial, and bears its node's name.</summary>
    public (string CertificateFile, string KeyFile) Node(string nodeName, string? file = null) => Issue(file ?? nodeName, [nodeName], [ClientAuth]);

    public (string CertificateFile, string KeyFile) Server(string file, params string[] hosts) => Issue(file, hosts, [ServerAuth]);

    /// <param name="names">DNS names and addresses.</param>
    /// <param name="begins">A day ago by default.</param>
    /// <param name="ends">In a day by default.</param>
    public (string CertificateFile, string KeyFile) Issue(
        string file, IEnumerable<string> names, IEnumerable<Oid> purposes, DateTimeOffset? begins = null, DateTimeOffset? ends = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={file}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(Names(names));
        var usages = new OidCollection();
        foreach (var purpose in purposes)
        {
            usages.Add(purpose);
        }

        if (usages.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, critical: false));
        }

        using var certificate = request.Create(
            _intermediate ?? _root, begins ?? DateTimeOffset.UtcNow.AddDays(-1), ends ?? DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(16));
        var (certificateFile, keyFile) = (Path.Combine(_folder, $"{file}.crt"), Path.Combine(_folder, $"{file}.key"));
        WriteWhole(certificateFile, $"{certificate.ExportCertificatePem()}\n{_intermediate?.ExportCertificatePem()}\n");
        WriteWhole(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    /// <summary>For <see cref="Issue"/>.</summary>
    public static IReadOnlyList<Oid> Dials { get; } = [ClientAuth];

    /// <summary>For <see cref="Issue"/>.</summary>
    public static IReadOnlyList<Oid> DialsAndIsDialled { get; } = [ServerAuth, ClientAuth];

    public void Dispose()
    {
        _root.Dispose();
        _intermediate?.Dispose();
    }

    private static X509Extension Names(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }

    private static X509Certificate2 Authority(string subject, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var (begins, ends) = (DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        if (issuer is null)
        {
            return request.CreateSelfSigned(begins, ends);
        }

        using var certificate = request.Create(issuer, begins, ends, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Nobody sees half of it.</summary>
    private static void WriteWhole(string file, string text)
    {
        File.WriteAllText($"{file}.new", $"{text}\n");
        File.Move($"{file}.new", file, overwrite: true);
    }
}
