using System.Diagnostics.CodeAnalysis;

namespace Caretta.Node.Names;

/// <summary>
/// Which pod something belongs to, remembered for one period after the one in which it was last set. At the bound a period ends before its
/// time, so that at most twice as many entries are held.
/// </summary>
internal sealed class RecentPods<TKey>(int bound)
    where TKey : notnull
{
    private Dictionary<TKey, Guid> _current = [];
    private Dictionary<TKey, Guid> _previous = [];

    /// <summary>Entries that were forgotten because of the bound.</summary>
    public long Crowded { get; private set; }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Guid pod) => _current.TryGetValue(key, out pod) || _previous.TryGetValue(key, out pod);

    public void Set(TKey key, Guid pod)
    {
        if (_current.Count >= bound && !_current.ContainsKey(key))
        {
            Crowded += _previous.Count;
            EndPeriod();
        }

        _current[key] = pod;
    }

    public void EndPeriod()
    {
        (_previous, _current) = (_current, _previous);
        _current.Clear();
    }
}
