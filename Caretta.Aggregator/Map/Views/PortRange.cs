using System.Globalization;

namespace Caretta.Aggregator.Map.Views;

internal readonly record struct PortRange(ushort First, ushort Last)
{
    public bool Contains(ushort port) => port >= First && port <= Last;

    /// <returns>Null: it is neither a port nor a range of ports.</returns>
    public static PortRange? TryParse(string text)
    {
        var ends = text.Split('-');
        return ends.Length <= 2 && Port(ends[0]) is { } first && Port(ends[^1]) is { } last && first <= last ? new PortRange(first, last) : null;
    }

    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";

    private static ushort? Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
