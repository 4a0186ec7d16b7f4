namespace Caretta.Aggregator.Security;

/// <summary>What is reloaded: the label <c>file</c> of the metrics.</summary>
internal static class ReloadedFile
{
    public const string Certificate = "certificate";
    public const string Authorities = "authorities";

    public const string HttpTokens = "http_tokens";
    public const string HttpPasswords = "http_passwords";

    public static IEnumerable<string> All { get; } = [Certificate, Authorities, HttpTokens, HttpPasswords];
}
