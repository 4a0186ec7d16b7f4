using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security.Http;

/// <summary>Who may ask the HTTP port. With neither tokens, passwords nor a proxy anybody may.</summary>
internal sealed record HttpCredentials(Reloaded<HttpTokens>? Tokens, Reloaded<HttpPasswords>? Passwords, string ProxyHeader, ProxyNetworks Proxies)
{
    public bool AreAsked => Tokens is not null || Passwords is not null || ProxyHeader.Length > 0;

    public IReadOnlyList<IReloaded> Files => [.. new IReloaded?[] { Tokens, Passwords }.OfType<IReloaded>()];

    /// <exception cref="StartRefusedException">A file is missing or cannot be used.</exception>
    public static HttpCredentials Load(AggregatorOptions options)
    {
        try
        {
            return new HttpCredentials(
                options.HttpTokensFile.Length == 0 ? null
                    : new Reloaded<HttpTokens>(ReloadedFile.HttpTokens, [options.HttpTokensFile], files => HttpTokens.Parse(files[0])),
                options.HttpPasswordsFile.Length == 0 ? null
                    : new Reloaded<HttpPasswords>(ReloadedFile.HttpPasswords, [options.HttpPasswordsFile], files => HttpPasswords.Parse(files[0])),
                options.HttpProxyHeader,
                ProxyNetworks.Parse(options.HttpProxyNetworks));
        }
        catch (UnusableFileException unusable)
        {
            throw new StartRefusedException($"{AggregatorOptions.Section}: {unusable.Message}");
        }
    }
}
