using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

/// <summary>The objects of a cluster as an API server keeps them, all under one version that grows with every change.</summary>
/// <param name="time">Of the server; objects put without a creation time are stamped by it.</param>
public sealed class SimulatedCluster(TimeProvider? time = null) : IObjectSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ApiKind, KindStore> _kinds = ApiKind.All.ToDictionary(kind => kind, kind => new KindStore(kind));
    private readonly Dictionary<(ApiKind, string), DateTimeOffset> _created = [];
    private long _version = 1000;
    private long _oldest;

    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    public int Count(ApiKind kind)
    {
        lock (_lock)
        {
            return _kinds[kind].Objects.Count;
        }
    }

    /// <summary>Added, changed, or, if the uid is another one, deleted and added.</summary>
    /// <returns>The object's version.</returns>
    public long Put(Manifest manifest)
    {
        lock (_lock)
        {
            var store = _kinds[manifest.Kind];
            if (store.Objects.TryGetValue(manifest.Key, out var existing) && existing.Uid != manifest.Uid)
            {
                Remove(manifest.Kind, manifest.Key);
            }

            store.Put(manifest.Key, new StoredObject(manifest.Uid, Stamped(manifest, ++_version)), _version);
            return _version;
        }
    }

    public void Put(params IEnumerable<Manifest> manifests)
    {
        foreach (var manifest in manifests)
        {
            Put(manifest);
        }
    }

    /// <exception cref="InvalidOperationException">There is none of its kind, namespace and name.</exception>
    public void Delete(Manifest manifest)
    {
        lock (_lock)
        {
            Remove(manifest.Kind, manifest.Key);
        }
    }

    public void Delete(ApiKind kind, string @namespace, string name)
    {
        lock (_lock)
        {
            Remove(kind, kind.Namespaced ? $"/{@namespace}/{name}" : $"/{name}");
        }
    }

    /// <summary>All that happened so far is forgotten: watches from older versions and lists begun earlier have expired.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            // What every compaction is: itself no change, but the versions below the latest are gone.
            _oldest = ++_version;
            foreach (var kind in _kinds.Values)
            {
                kind.Compact();
            }
        }
    }

    public Answer List(ApiKind kind, int? limit, string? continueToken)
    {
        ContinueToken? token = null;
        if (continueToken is not null && !ContinueToken.TryParse(continueToken, out token))
        {
            return StatusBody.Answer(400, "BadRequest", "invalid continue token: continue key is not valid");
        }

        lock (_lock)
        {
            return _kinds[kind].List(limit, token, _version);
        }
    }

    public WatchFeed Watch(ApiKind kind, string? resourceVersion)
    {
        lock (_lock)
        {
            var from = string.IsNullOrEmpty(resourceVersion) ? (long?)null : long.Parse(resourceVersion, CultureInfo.InvariantCulture);
            return _kinds[kind].Watch(from, _oldest);
        }
    }

    public void SendBookmark(ApiKind kind, WatchFeed feed)
    {
        lock (_lock)
        {
            feed.Send(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
            {
                ["type"] = "BOOKMARK",
                ["object"] = new JsonObject
                {
                    ["kind"] = kind.Name,
                    ["apiVersion"] = kind.ApiVersion,
                    ["metadata"] = new JsonObject { ["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture) },
                    ["status"] = new JsonObject(),
                },
            }));
        }
    }

    private void Remove(ApiKind kind, string key)
    {
        var store = _kinds[kind];
        if (!store.Objects.TryGetValue(key, out var gone))
        {
            throw new InvalidOperationException($"There is no {kind.Name} {key}.");
        }

        var last = JsonNode.Parse(gone.Item)!.AsObject();
        if (last["metadata"] is JsonObject metadata)
        {
            metadata["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        }

        _created.Remove((kind, key));
        store.Delete(key, JsonSerializer.SerializeToUtf8Bytes(last), _version);
    }

    private byte[] Stamped(Manifest manifest, long version)
    {
        var created = _created.TryGetValue((manifest.Kind, manifest.Key), out var known) ? known : Time.GetUtcNow();
        _created[(manifest.Kind, manifest.Key)] = created;
        if (manifest.Json["metadata"] is not JsonObject)
        {
            return JsonSerializer.SerializeToUtf8Bytes(manifest.Json);
        }

        return JsonSerializer.SerializeToUtf8Bytes(manifest.With(json =>
        {
            var metadata = json["metadata"]!.AsObject();
            metadata["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
            metadata["creationTimestamp"] ??= Manifest.Text(created);
        }).Json);
    }
}
