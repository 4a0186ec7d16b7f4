using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security;

/// <summary>Who this member is and whom it believes, as its files say at the moment.</summary>
internal sealed class Credentials
{
    private Credentials(Reloaded<Identity> identity, Reloaded<Authorities> authorities) => (Identity, Authorities) = (identity, authorities);

    public Reloaded<Identity> Identity { get; }

    public Reloaded<Authorities> Authorities { get; }

    public IReadOnlyList<IReloaded> Files => [Identity, Authorities];

    /// <exception cref="StartRefusedException">A file is missing or cannot be used, or other members would refuse the certificate.</exception>
    public static Credentials Load(AggregatorOptions options, TimeProvider time)
    {
        try
        {
            var credentials = new Credentials(
                new Reloaded<Identity>(
                    ReloadedFile.Certificate,
                    [options.CertificateFile, options.KeyFile],
                    files => Messages.Tls.Identity.Parse(files[0], files[1], time.GetUtcNow())),
                new Reloaded<Authorities>(ReloadedFile.Authorities, [options.CaFile], files => Messages.Tls.Authorities.Parse(files[0])));
            credentials.RequireMember(options, time);
            return credentials;
        }
        catch (UnusableFileException unusable)
        {
            throw new StartRefusedException($"{AggregatorOptions.Section}:{nameof(options.Security)} is Tls: {unusable.Message}");
        }
    }

    /// <summary>What every other member would ask, asked here first.</summary>
    private void RequireMember(AggregatorOptions options, TimeProvider time)
    {
        var (identity, authorities) = (Identity.Current, Authorities.Current);
        if (MemberCertificate.Check(identity.Certificate, identity.Intermediates, authorities, options.MemberName, time.GetUtcNow()) is { } fault)
        {
            throw new StartRefusedException(
                $"Other members would refuse this one ({options.CertificateFile} against {options.CaFile}): {fault.Reason}");
        }
    }
}
