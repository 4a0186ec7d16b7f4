namespace Caretta.Node.Forward;

/// <summary>The setting <c>Aggregator</c>: one address or several, separated by commas.</summary>
public static class EndpointList
{
    public const int Most = 64;

    /// <exception cref="FormatException">It names none, too many, or one that is no http:// or https:// address.</exception>
    public static IReadOnlyList<Uri> Parse(string setting)
    {
        var parts = setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > Most)
        {
            throw new FormatException(parts.Length == 0 ? "It names no aggregator." : $"It names {parts.Length} aggregators; {Most} are the most.");
        }

        return [.. parts.Select(Endpoint).Distinct()];
    }

    private static Uri Endpoint(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Host.Length: > 0 }
        ? uri
        : throw new FormatException($"'{text}' is no http:// or https:// address.");
}
