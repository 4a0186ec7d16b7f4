using System.Globalization;

namespace Caretta.Aggregator.Cluster;

/// <summary>host:port,... of the members.</summary>
internal static class SeedList
{
    /// <exception cref="FormatException">It is not written so. The message names the part.</exception>
    public static IReadOnlyList<MemberAddress> Parse(string text)
    {
        List<MemberAddress> seeds = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)];
        return seeds.Distinct().Count() == seeds.Count ? seeds : throw new FormatException("A member is listed twice.");
    }

    private static MemberAddress ParseOne(string seed)
    {
        var colon = seed.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(seed.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            throw new FormatException($"'{seed}' is no host:port of a member's {nameof(AggregatorOptions.RemotePort)}.");
        }

        return MemberAddress.At(seed[..colon], port);
    }
}
