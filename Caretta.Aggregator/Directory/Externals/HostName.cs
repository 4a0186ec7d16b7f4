using System.Net;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>What may be shown of a name that a stranger's DNS server gave.</summary>
internal static class HostName
{
    public const int MaxLength = 253;

    /// <returns>In lower case and without the root's dot, or null: it is not fit to be shown.</returns>
    public static string? Clean(string fromDns)
    {
        var name = (fromDns.EndsWith('.') ? fromDns[..^1] : fromDns).ToLowerInvariant();
        return IsUsable(name) ? name : null;
    }

    /// <summary>
    /// ASCII letters, digits, hyphens, underscores, and dots between labels. So it never begins with the tilde of our own stand-ins, and it
    /// is never mistaken for an address: a last label that begins as a number does is refused, as web browsers read it as IPv4.
    /// </summary>
    public static bool IsUsable(string name) =>
        name.Length is > 0 and <= MaxLength
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
        && name.Split('.') is var labels
        && labels.All(label => label.Length > 0)
        && !IsNumber(labels[^1])
        && !IPAddress.TryParse(name, out _);

    private static bool IsNumber(string label) =>
        label.All(char.IsAsciiDigit)
        || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label.Skip(2).All(char.IsAsciiHexDigit));
}
