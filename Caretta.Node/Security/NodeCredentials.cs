using Caretta.Messages.Tls;

namespace Caretta.Node.Security;

/// <summary>Whom the agent believes and what it shows, as the files say at the moment.</summary>
/// <param name="Identity">Null if it has no certificate.</param>
internal sealed record NodeCredentials(Reloaded<Authorities> Authorities, Reloaded<Identity>? Identity)
{
    public const string Certificate = "certificate";
    public const string Authority = "authorities";

    public IReadOnlyList<IReloaded> All => Identity is null ? [Authorities] : [Authorities, Identity];

    /// <exception cref="UnusableFileException">A file cannot be used.</exception>
    public static NodeCredentials Read(NodeOptions options, TimeProvider time) => new(
        new Reloaded<Authorities>(Authority, [options.CaFile], files => Messages.Tls.Authorities.Parse(files[0])),
        options.CertificateFile.Length == 0 ? null : new Reloaded<Identity>(
            Certificate,
            [options.CertificateFile, options.KeyFile],
            files => Named(Messages.Tls.Identity.Parse(files[0], files[1], time.GetUtcNow()), options)));

    /// <summary>What the aggregator would ask, asked here first.</summary>
    private static Identity Named(Identity identity, NodeOptions options)
    {
        var names = CertificateNames.Dns(identity.Certificate);
        return names is [var name] && name == options.NodeName ? identity : throw new UnusableFileException(
            $"The certificate in '{options.CertificateFile}' bears {(names.Count == 0 ? "no DNS name" : string.Join(", ", names))}, but this is node "
            + $"'{options.NodeName}': the aggregator believes exactly the one name in it. Issue one for this node, or set {NodeOptions.Section}:{nameof(options.NodeName)}.");
    }
}
