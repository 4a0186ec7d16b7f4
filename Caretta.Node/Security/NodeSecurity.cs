using Caretta.Node.Forward;
using Caretta.Messages.Tls;

namespace Caretta.Node.Security;

/// <summary>What the agent's settings say about TLS, checked and read.</summary>
internal static class NodeSecurity
{
    private const string Section = NodeOptions.Section;

    /// <exception cref="BadStartException">The settings do not go together, or leave something open that must not be.</exception>
    public static void Check(NodeOptions options)
    {
        foreach (var aggregator in EndpointList.Parse(options.Aggregator))
        {
            Check(options, aggregator);
        }

        if (options.Security == SecurityMode.Off)
        {
            return;
        }

        if (options.CaFile.Length == 0)
        {
            throw new BadStartException(
                $"{Section}:{nameof(options.Security)} is Tls, but {Section}:{nameof(options.CaFile)} is not set.",
                "Give the PEM file of the authority that issued the aggregator's certificate.");
        }

        if ((options.CertificateFile.Length == 0) != (options.KeyFile.Length == 0))
        {
            throw new BadStartException(
                $"Of {Section}:{nameof(options.CertificateFile)} and {Section}:{nameof(options.KeyFile)} only one is set.", "They go together.");
        }

        if (options.CertificateFile.Length == 0 && options.TokenFile.Length == 0)
        {
            throw new BadStartException(
                "The agent could not prove which node it reports for.",
                $"Set {Section}:{nameof(options.CertificateFile)} and {nameof(options.KeyFile)}, or in Kubernetes {nameof(options.TokenFile)}.");
        }
    }

    /// <returns>Null without TLS.</returns>
    /// <exception cref="BadStartException">A file is missing or cannot be used.</exception>
    public static NodeCredentials? Open(NodeOptions options, TimeProvider time)
    {
        if (options.Security == SecurityMode.Off)
        {
            return null;
        }

        try
        {
            TokenOf(options)?.Read();
            return NodeCredentials.Read(options, time);
        }
        catch (UnusableFileException unusable)
        {
            throw new BadStartException($"{Section}:{nameof(options.Security)} is Tls:", unusable.Message, unusable);
        }
    }

    public static ChannelSecurity OfChannels(NodeOptions options, NodeCredentials? credentials, ForwarderMetrics metrics, TimeProvider time) =>
        credentials is null
            ? ChannelSecurity.Off
            : new ChannelSecurity(credentials.Authorities, credentials.Identity, TokenOf(options), metrics, time);

    private static TokenFile? TokenOf(NodeOptions options) => options.TokenFile.Length == 0 ? null : new TokenFile(options.TokenFile);

    private static void Check(NodeOptions options, Uri aggregator)
    {
        if (options.Security == SecurityMode.Tls && aggregator.Scheme != "https")
        {
            throw new BadStartException(
                $"{Section}:{nameof(options.Aggregator)} is {aggregator}, but {Section}:{nameof(options.Security)} is Tls.",
                $"Write https://; for a trial on loopback, set {nameof(options.Security)} to Off.");
        }

        if (options.Security == SecurityMode.Off && !(aggregator is { Scheme: "http", IsLoopback: true }))
        {
            throw new BadStartException(
                $"{Section}:{nameof(options.Security)} is Off, but {Section}:{nameof(options.Aggregator)} is {aggregator}.",
                "Without TLS only http:// to this host itself is allowed. Write http://127.0.0.1:7118, or set Security to Tls.");
        }
    }
}
