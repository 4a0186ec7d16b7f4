using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>
/// Which externals a local workload may have links of its own with: the aggregator says so, because the number is limited for the whole
/// cluster. Asked again from time to time while in use, which is what keeps a grant; what was said holds meanwhile.
/// </summary>
/// <param name="capacity">Pairs known at one time.</param>
public sealed class ExternalGrants(int capacity)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(1);

    private readonly Dictionary<ExternalPair, Entry> _entries = [];
    private readonly List<ExternalPair> _toAsk = [];

    public int Count => _entries.Count;

    /// <summary>Times a pair was not granted because there was no room to ask about it.</summary>
    public ulong Overflowed { get; private set; }

    /// <summary>Null while nobody has said.</summary>
    public bool? IsGranted(in ExternalPair pair, TimeSpan now)
    {
        if (!_entries.TryGetValue(pair, out var entry))
        {
            if (_entries.Count >= capacity)
            {
                Overflowed++;
                return false;
            }

            _entries[pair] = entry = new Entry();
        }

        entry.UsedAt = now;
        if (!entry.IsAsked && (entry.Granted is null || now - entry.SaidAt >= AskAgainAfter))
        {
            entry.IsAsked = true;
            _toAsk.Add(pair);
        }

        return entry.Granted;
    }

    public IReadOnlyList<ExternalPair> Take()
    {
        var asked = _toAsk.Take(NameQuestions.MaxPerMessage).ToList();
        _toAsk.RemoveRange(0, asked.Count);
        return asked;
    }

    /// <returns>True if something is new.</returns>
    public bool Learn(IEnumerable<GrantedPair> said, TimeSpan now)
    {
        var isNew = false;
        foreach (var (pair, granted) in said)
        {
            if (_entries.TryGetValue(pair, out var entry))
            {
                isNew |= entry.Granted != granted;
                (entry.Granted, entry.SaidAt, entry.IsAsked) = (granted, now, false);
            }
        }

        return isNew;
    }

    /// <summary>Questions without an answer are asked again by who still needs it.</summary>
    public void StreamEnded()
    {
        _toAsk.Clear();
        foreach (var entry in _entries.Values)
        {
            entry.IsAsked = false;
        }
    }

    public void Forget(TimeSpan now)
    {
        foreach (var (pair, entry) in _entries)
        {
            if (!entry.IsAsked && now - entry.UsedAt >= 2 * AskAgainAfter)
            {
                _entries.Remove(pair);
            }
        }
    }

    private sealed class Entry
    {
        public bool? Granted { get; set; }

        public TimeSpan SaidAt { get; set; }

        public TimeSpan UsedAt { get; set; }

        public bool IsAsked { get; set; }
    }
}
