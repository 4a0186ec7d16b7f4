using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>What DNS said of addresses. When it is full the one not looked at for longest is forgotten. Not for several threads at once.</summary>
internal sealed class NameCache(int maxEntries)
{
    private readonly Dictionary<Address, LinkedListNode<(Address Address, CachedName Name)>> _entries = [];
    private readonly LinkedList<(Address Address, CachedName Name)> _latestFirst = [];

    public int Count => _entries.Count;

    /// <returns>Null: nothing is known of it. What is known may have outlived its time.</returns>
    public CachedName? Find(Address address)
    {
        if (!_entries.TryGetValue(address, out var entry))
        {
            return null;
        }

        _latestFirst.Remove(entry);
        _latestFirst.AddFirst(entry);
        return entry.Value.Name;
    }

    /// <returns>Whether another had to go.</returns>
    public bool Put(Address address, CachedName name)
    {
        if (_entries.Remove(address, out var known))
        {
            _latestFirst.Remove(known);
        }

        _entries.Add(address, _latestFirst.AddFirst((address, name)));
        if (_entries.Count <= maxEntries)
        {
            return false;
        }

        _entries.Remove(_latestFirst.Last!.Value.Address);
        _latestFirst.RemoveLast();
        return true;
    }
}
