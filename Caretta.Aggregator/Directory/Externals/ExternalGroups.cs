using System.Net;
using System.Net.Sockets;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>Networks to which an operator gave a name. The most specific network that contains an address names it.</summary>
internal sealed class ExternalGroups
{
    private readonly (IPNetwork Network, string Name)[] _longestPrefixFirst;
    private readonly HashSet<string> _names;

    private ExternalGroups(IEnumerable<(IPNetwork Network, string Name)> groups)
    {
        _longestPrefixFirst = [.. groups.OrderByDescending(group => group.Network.PrefixLength)];
        _names = [.. _longestPrefixFirst.Select(group => group.Name.ToLowerInvariant())];
    }

    /// <param name="text">name=network, separated by commas; empty for none. A name may have several networks.</param>
    /// <exception cref="FormatException">The message names the entry and says what would do.</exception>
    public static ExternalGroups Parse(string text)
    {
        var groups = new Dictionary<IPNetwork, string>();
        foreach (var entry in text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (network, name) = ParseEntry(entry);
            if (!groups.TryAdd(network, name))
            {
                throw new FormatException($"'{entry}' names a network that '{groups[network]}' has already. Remove one of the two.");
            }
        }

        return new ExternalGroups(groups.Select(group => (group.Key, group.Value)));
    }

    /// <returns>Null: it is in none of them.</returns>
    public string? Find(IPAddress address)
    {
        foreach (var (network, name) in _longestPrefixFirst)
        {
            if (network.Contains(address))
            {
                return name;
            }
        }

        return null;
    }

    /// <param name="name">In lower case.</param>
    public bool HasName(string name) => _names.Contains(name);

    private static (IPNetwork Network, string Name) ParseEntry(string entry)
    {
        var parts = entry.Split('=', StringSplitOptions.TrimEntries);
        if (parts.Length != 2)
        {
            throw new FormatException($"'{entry}' is no group. Write name=network, for example office=10.20.0.0/16.");
        }

        if (!HostName.IsUsable(parts[0]))
        {
            throw new FormatException(
                $"'{parts[0]}' in '{entry}' cannot name a group. Use letters, digits, '-', '_' and '.', and nothing that looks like an address.");
        }

        return (ParseNetwork(parts[1], entry), parts[0]);
    }

    private static IPNetwork ParseNetwork(string text, string entry)
    {
        if (!IPNetwork.TryParse(text, out var network) || !IPAddress.Parse(text.Split('/')[0]).Equals(Masked(network.BaseAddress, network.PrefixLength)))
        {
            throw new FormatException($"'{text}' in '{entry}' is no network. {Remedy(text)}");
        }

        if (network.BaseAddress.IsIPv4MappedToIPv6)
        {
            throw new FormatException($"'{text}' in '{entry}' is IPv4 written as IPv6. Write it as IPv4.");
        }

        return network;
    }

    private static string Remedy(string text)
    {
        var parts = text.Split('/');
        if (!IPAddress.TryParse(parts[0], out var address))
        {
            return "Write an address, a slash and the length of the prefix, for example 10.20.0.0/16 or 2001:db8::/32.";
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return parts.Length == 2 && int.TryParse(parts[1], out var prefix) && prefix >= 0 && prefix <= bits
            ? $"It has bits beyond its prefix; write {Masked(address, prefix)}/{prefix}."
            : $"Write the length of its prefix, 0 to {bits}, behind a slash; one address is {address}/{bits}.";
    }

    private static IPAddress Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
