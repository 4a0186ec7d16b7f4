using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Collects addresses, each once, and what should have been one and is not.</summary>
internal sealed class AddressList
{
    private readonly List<Address> _addresses = [];

    public IReadOnlyList<Address> Addresses => _addresses;

    /// <summary>Null if all were understood.</summary>
    public string? Flaw { get; private set; }

    /// <param name="text">Nothing happens if it is null or empty.</param>
    public void Add(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        if (!Address.TryParse(text, out var address))
        {
            Flaw = $"'{text}' is no IP address";
        }
        else if (!_addresses.Contains(address))
        {
            _addresses.Add(address);
        }
    }

    public void AddRange(IEnumerable<string?>? texts)
    {
        foreach (var text in texts ?? [])
        {
            Add(text);
        }
    }
}
