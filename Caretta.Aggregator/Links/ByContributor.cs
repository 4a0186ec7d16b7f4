using System.Collections;

namespace Caretta.Aggregator.Links;

/// <summary>Something of each contributor. Nearly every link has one or two of them; a dictionary would be three times as large as what is in it.</summary>
internal sealed class ByContributor<TValue> : IReadOnlyDictionary<Contributor, TValue>
{
    private const int Few = 4;

    private KeyValuePair<Contributor, TValue>[] _few = [];
    private Dictionary<Contributor, TValue>? _many;

    public int Count => _many?.Count ?? _few.Length;

    public IEnumerable<Contributor> Keys => _many?.Keys ?? _few.Select(entry => entry.Key);

    public IEnumerable<TValue> Values => _many?.Values ?? _few.Select(entry => entry.Value);

    public TValue this[Contributor key]
    {
        get => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();
        set => Set(key, value);
    }

    public bool ContainsKey(Contributor key) => _many?.ContainsKey(key) ?? IndexOf(key) >= 0;

#pragma warning disable CS8601 // as IReadOnlyDictionary says: without a value where it returns false
    public bool TryGetValue(Contributor key, out TValue value)
    {
        if (_many is not null)
        {
            return _many.TryGetValue(key, out value);
        }

        var at = IndexOf(key);
        value = at >= 0 ? _few[at].Value : default;
        return at >= 0;
    }

    public bool Remove(Contributor key, out TValue value)
    {
        if (_many is not null)
        {
            return _many.Remove(key, out value);
        }

        var at = IndexOf(key);
        value = at >= 0 ? _few[at].Value : default;
        _few = at >= 0 ? [.. _few[..at], .. _few[(at + 1)..]] : _few;
        return at >= 0;
    }
#pragma warning restore CS8601

    public IEnumerator<KeyValuePair<Contributor, TValue>> GetEnumerator() =>
        _many?.GetEnumerator() ?? ((IEnumerable<KeyValuePair<Contributor, TValue>>)_few).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Set(Contributor key, TValue value)
    {
        if (_many is not null)
        {
            _many[key] = value;
        }
        else if (IndexOf(key) is >= 0 and var at)
        {
            _few[at] = KeyValuePair.Create(key, value);
        }
        else if (_few.Length < Few)
        {
            _few = [.. _few, KeyValuePair.Create(key, value)];
        }
        else
        {
            _many = new Dictionary<Contributor, TValue>(_few) { [key] = value };
            _few = [];
        }
    }

    private int IndexOf(Contributor key)
    {
        for (var at = 0; at < _few.Length; at++)
        {
            if (_few[at].Key == key)
            {
                return at;
            }
        }

        return -1;
    }
}
