using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

/// <summary>
/// Objects that are read, replaced and patched by name, and never created, as with a Role that names them. A write of what is no longer the
/// latest version is refused.
/// </summary>
public sealed class NamedObjects
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _objects = [];
    private int? _writesLeft;
    private long _version = 1000;

    /// <summary>RESOURCE/NAMESPACE/NAME of each accepted write, in their order.</summary>
    public List<string> Writes { get; } = [];

    /// <param name="key">RESOURCE/NAMESPACE/NAME.</param>
    public void Add(string key)
    {
        var parts = key.Split('/');
        lock (_lock)
        {
            _objects[key] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["namespace"] = parts[1], ["name"] = parts[2], ["resourceVersion"] = Next() },
            };
        }
    }

    /// <summary>Further ones are refused with 500: the writer is cut off there.</summary>
    /// <param name="writes">Null: none is.</param>
    public void FailAfter(int? writes)
    {
        lock (_lock)
        {
            _writesLeft = writes;
        }
    }

    /// <summary>Somebody else writes it.</summary>
    public void Touch(string key)
    {
        lock (_lock)
        {
            _objects[key]["metadata"]!["resourceVersion"] = Next();
        }
    }

    /// <returns>A copy; null: there is none.</returns>
    public JsonObject? Find(string key)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(key)?.DeepClone().AsObject();
        }
    }

    internal Answer Serve(string method, string key, JsonObject? body)
    {
        lock (_lock)
        {
            var known = _objects.GetValueOrDefault(key);
            return (method, known) switch
            {
                ("GET", not null) => Ok(known),
                ("PUT" or "PATCH", not null) when _writesLeft is 0 => StatusBody.Answer(500, "InternalError", "etcd is away"),
                ("PUT", not null) when Version(body!) != Version(known) => StatusBody.Answer(409, "Conflict", $"the object {key} has been modified"),
                ("PUT", not null) => Write(key, body!),
                ("PATCH", not null) => Write(key, Merged(known, body!)),
                _ => StatusBody.Answer(404, "NotFound", $"{key} not found"),
            };
        }
    }

    private static string? Version(JsonObject one) => one["metadata"]?["resourceVersion"]?.GetValue<string>();

    private static Answer Ok(JsonObject one) => new(200, Encoding.UTF8.GetBytes(one.ToJsonString()));

    private static JsonObject Merged(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            target[name] = target[name] is JsonObject old && value is JsonObject change ? Merged(old.DeepClone().AsObject(), change) : value?.DeepClone();
        }

        return target;
    }

    private Answer Write(string key, JsonObject one)
    {
        _writesLeft--;
        one["metadata"]!["resourceVersion"] = Next();
        _objects[key] = one;
        Writes.Add(key);
        return Ok(one);
    }

    private string Next() => (++_version).ToString(CultureInfo.InvariantCulture);
}
