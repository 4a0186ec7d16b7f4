using System.Net;
using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security;

/// <summary>What may be switched off, and what must be given, before anything listens.</summary>
internal static class SecurityRules
{
    private const string Section = AggregatorOptions.Section;

    /// <exception cref="StartRefusedException">The settings leave a port open that must not be.</exception>
    public static void Check(AggregatorOptions options)
    {
        if (options.Security == SecurityMode.Tls)
        {
            RequireFiles(options);
        }
        else if (!IPAddress.IsLoopback(IPAddress.Parse(options.ListenAddress)))
        {
            throw new StartRefusedException(
                $"{Section}:{nameof(options.Security)} is Off, but {Section}:{nameof(options.ListenAddress)} is {options.ListenAddress}: without TLS "
                + $"only loopback may be listened on. Set {nameof(options.Security)} to Tls and give {nameof(options.CertificateFile)}, "
                + $"{nameof(options.KeyFile)} and {nameof(options.CaFile)}, or listen on 127.0.0.1.");
        }

        if (options.RestartOnRenewal && options.Security == SecurityMode.Off)
        {
            throw new StartRefusedException(
                $"{Section}:{nameof(options.RestartOnRenewal)} is set, but {Section}:{nameof(options.Security)} is Off, and with it there is no certificate to be "
                + "renewed. Leave it out, or set Security to Tls.");
        }

        CheckHttp(options);
    }

    /// <summary>Whether the HTTP port has TLS.</summary>
    public static bool HttpHasTls(AggregatorOptions options) => (options.HttpSecurity ?? options.Security) == SecurityMode.Tls;

    private static void CheckHttp(AggregatorOptions options)
    {
        if (options.HttpSecurity == SecurityMode.Tls && options.Security == SecurityMode.Off)
        {
            throw new StartRefusedException(
                $"{Section}:{nameof(options.HttpSecurity)} is Tls, but {Section}:{nameof(options.Security)} is Off, and with it there is no certificate. "
                + "Set both to Tls, or neither.");
        }

        if (!HttpHasTls(options)
            && (options.HttpTokensFile.Length > 0 || options.HttpPasswordsFile.Length > 0)
            && !IPAddress.IsLoopback(IPAddress.Parse(options.ListenAddress)))
        {
            throw new StartRefusedException(
                $"{Section}:{nameof(options.HttpSecurity)} is Off, so that {nameof(options.HttpTokensFile)} and {nameof(options.HttpPasswordsFile)} would "
                + $"send secrets readable over the network. Set it to Tls, or let a proxy authenticate ({nameof(options.HttpProxyHeader)}), or listen on 127.0.0.1.");
        }
    }

    private static void RequireFiles(AggregatorOptions options)
    {
        var missing = new[]
        {
            (Name: nameof(options.CertificateFile), Value: options.CertificateFile),
            (Name: nameof(options.KeyFile), Value: options.KeyFile),
            (Name: nameof(options.CaFile), Value: options.CaFile),
        }.Where(file => file.Value.Length == 0).Select(file => $"{Section}:{file.Name}").ToList();
        if (missing.Count > 0)
        {
            throw new StartRefusedException(
                $"{Section}:{nameof(options.Security)} is Tls, but {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} not set. "
                + "Give PEM files: this member's certificate, its key, and the authority that agents' and members' certificates chain to. For a trial "
                + $"on loopback alone, set {Section}:{nameof(options.Security)} to Off.");
        }
    }
}
