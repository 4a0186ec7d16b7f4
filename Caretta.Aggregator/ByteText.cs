using System.Globalization;

namespace Caretta.Aggregator;

/// <summary>Amounts of bytes for people.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    public static string Of(double bytes)
    {
        var unit = 0;
        for (; bytes >= 999.5 && unit < Units.Length - 1; unit++)
        {
            bytes /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || bytes >= 99.95 ? Math.Round(bytes) : Math.Round(bytes, 1))} {Units[unit]}");
    }

    public static string Rate(double bytesPerSecond) => Of(bytesPerSecond) + "/s";
}
