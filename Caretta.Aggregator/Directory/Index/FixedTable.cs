using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>All nodes, services or endpoint slices by uid.</summary>
internal sealed class FixedTable(ClaimRank rank, TimeSpan retention, ClaimTable<Address, AddressClaim> addresses)
{
    private readonly Dictionary<Guid, FixedEntry> _entries = [];

    public int Count => _entries.Count;

    /// <param name="name">Null if it is not to be named: it then has no addresses.</param>
    public void Put(Guid uid, TimeSpan createdAt, Workload? name, IReadOnlyList<Address> shown, int list, TimeSpan now)
    {
        if (!_entries.TryGetValue(uid, out var entry))
        {
            _entries[uid] = entry = new FixedEntry(uid, createdAt < now ? createdAt : now, rank);
        }

        entry.List = list;
        if (entry.Name is not null && entry.Name != name)
        {
            // What it claims it claims under another name from now on.
            addresses.Show(entry, [], now);
        }

        Call(entry, name, now);
        addresses.Show(entry, name is null ? [] : shown, now);
    }

    public void Delete(Guid uid, TimeSpan now)
    {
        if (_entries.Remove(uid, out var entry))
        {
            addresses.Show(entry, [], now);
        }
    }

    /// <summary>Deletes what the last list did not name.</summary>
    public void Sweep(int list, TimeSpan now)
    {
        foreach (var uid in _entries.Values.Where(entry => entry.List != list).Select(entry => entry.Uid).ToList())
        {
            Delete(uid, now);
        }
    }
}
