using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>All nodes, services or endpoint slices by uid.</summary>
/// <param name="changed">Receives the addresses that are called otherwise.</param>
internal sealed class FixedTable(
    ClaimRank rank, IndexSettings settings, ClaimTable<Address, AddressClaim> addresses, HashSet<Subject> changed)
{
    private readonly Dictionary<Guid, FixedEntry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Of those that have had an address.</summary>
    public IEnumerable<string> Names => _entries.Values.Select(entry => entry.Name?.Name).OfType<string>();

    /// <param name="name">What its addresses are to be called.</param>
    public void Put(ClusterObject told, Workload name, IReadOnlyList<Address> shown, int list, TimeSpan now)
    {
        if (!_entries.TryGetValue(told.Uid, out var entry))
        {
            _entries[told.Uid] = entry = new FixedEntry(told.Uid, told.CreatedAt < now ? told.CreatedAt : now, rank);
        }

        entry.List = list;
        if (shown.Count > 0 || entry.Name is not null)
        {
            Call(entry, name, now);
        }

        addresses.Show(entry, shown, now);
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

    private void Call(FixedEntry entry, Workload name, TimeSpan now)
    {
        if (entry.Name is null)
        {
            entry.Settle(name);
        }
        else if (entry.Name != name)
        {
            entry.Rename(name, now, forgetBefore: now - 2 * settings.Retention);
            entry.ChangeClaims(changed);
        }
    }
}
