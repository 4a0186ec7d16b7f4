using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Caretta.FakeCluster;

/// <summary>The objects of one kind, and what happened to them. Its cluster's lock guards it.</summary>
internal sealed class KindStore(ApiKind kind)
{
    private readonly List<(long Version, byte[] Line)> _log = [];
    private readonly Dictionary<long, ImmutableSortedDictionary<string, StoredObject>> _snapshots = [];
    private readonly List<WatchFeed> _feeds = [];

    public ImmutableSortedDictionary<string, StoredObject> Objects { get; private set; } =
        ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    public void Put(string key, StoredObject stored, long version)
    {
        var type = Objects.ContainsKey(key) ? "MODIFIED" : "ADDED";
        Objects = Objects.SetItem(key, stored);
        Publish(type, stored.Item, version);
    }

    /// <param name="last">As it was in the end, with the version of the deletion.</param>
    public void Delete(string key, byte[] last, long version)
    {
        Objects = Objects.Remove(key);
        Publish("DELETED", last, version);
    }

    public Answer List(int? limit, ContinueToken? token, long version)
    {
        if (token is not null && !_snapshots.ContainsKey(token.Version))
        {
            return StatusBody.StaleToken();
        }

        var of = token?.Version ?? version;
        var all = token is null ? Objects : _snapshots[token.Version];
        var rest = token is null ? all.ToList() : [.. all.Where(one => string.CompareOrdinal(one.Key, token.Start) > 0)];
        var page = rest.Take(limit is > 0 ? limit.Value : int.MaxValue).ToList();
        var remaining = rest.Count - page.Count;
        if (remaining > 0)
        {
            _snapshots[of] = all;
        }

        return new Answer(200, Page(page, of, remaining));
    }

    public WatchFeed Watch(long? from, long oldest)
    {
        var feed = new WatchFeed(gone => Forget(gone));
        if (from < oldest)
        {
            feed.Send(StatusBody.TooOldLine(from.Value.ToString(CultureInfo.InvariantCulture), oldest));
            feed.End();
            return feed;
        }

        var before = from is null
            ? Objects.Values.Select(one => Line("ADDED", one.Item))
            : _log.Where(one => one.Version > from).Select(one => one.Line);
        foreach (var line in before)
        {
            feed.Send(line);
        }

        lock (_feeds)
        {
            _feeds.Add(feed);
        }

        return feed;
    }

    public void Compact()
    {
        _log.Clear();
        _snapshots.Clear();
    }

    private void Publish(string type, byte[] item, long version)
    {
        var line = Line(type, item);
        _log.Add((version, line));
        lock (_feeds)
        {
            _feeds.ForEach(feed => feed.Send(line));
        }
    }

    private void Forget(WatchFeed feed)
    {
        lock (_feeds)
        {
            _feeds.Remove(feed);
        }
    }

    private byte[] Line(string type, byte[] item) =>
        [.. Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","object":{"kind":"{{kind.Name}}","apiVersion":"{{kind.ApiVersion}}","""), .. item.AsSpan(1), (byte)'}'];

    private byte[] Page(List<KeyValuePair<string, StoredObject>> page, long version, int remaining)
    {
        using var body = new MemoryStream();
        var more = remaining > 0 ? $",\"continue\":\"{new ContinueToken(version, page[^1].Key)}\",\"remainingItemCount\":{remaining}" : "";
        body.Write(Encoding.UTF8.GetBytes(
            $$"""{"kind":"{{kind.Name}}List","apiVersion":"{{kind.ApiVersion}}","metadata":{"resourceVersion":"{{version}}"{{more}}},"items":["""));
        for (var i = 0; i < page.Count; i++)
        {
            body.Write(i == 0 ? ""u8 : ","u8);
            body.Write(page[i].Value.Item);
        }

        body.Write("]}"u8);
        return body.ToArray();
    }
}
