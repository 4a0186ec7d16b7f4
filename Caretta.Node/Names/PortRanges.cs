using System.Globalization;

namespace Caretta.Node.Names;

/// <summary>Ports and ranges of ports, ends included.</summary>
/// <param name="entries">None of which has a fault.</param>
internal sealed class PortRanges(IReadOnlyList<string> entries)
{
    private readonly List<(ushort First, ushort Last)> _ranges = [.. entries.Select(entry => Parse(entry)!.Value)];

    public bool IsEmpty => _ranges.Count == 0;

    /// <inheritdoc cref="NamePatterns.FaultOf"/>
    public static string? FaultOf(string entry) => Parse(entry) is not null
        ? null
        : "is no port or range of ports: write 443, or 8000-8100 with the lower one first, from 1 to 65535.";

    public bool Contain(ushort port) => _ranges.Any(range => range.First <= port && port <= range.Last);

    private static (ushort First, ushort Last)? Parse(string entry)
    {
        var ends = entry.Split('-');
        return ends.Length <= 2 && Port(ends[0]) is { } first && Port(ends[^1]) is { } last && first <= last ? (first, last) : null;
    }

    private static ushort? Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port != 0 ? port : null;
}
