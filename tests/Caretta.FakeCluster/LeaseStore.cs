using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

/// <summary>Leases as an API server keeps them: a write of what is no longer the latest version is refused with 409.</summary>
public sealed class LeaseStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _leases = [];
    private long _version = 1000;

    /// <summary>Accepted writes.</summary>
    public int Writes { get; private set; }

    /// <summary>Refused writes.</summary>
    public int Conflicts { get; private set; }

    /// <param name="key">namespace/name.</param>
    /// <returns>Null if there is none.</returns>
    public string? Holder(string key)
    {
        lock (_lock)
        {
            return _leases.GetValueOrDefault(key)?["spec"]?["holderIdentity"]?.GetValue<string>();
        }
    }

    internal Answer Serve(string method, string @namespace, string name, JsonObject? body)
    {
        lock (_lock)
        {
            name = name.Length > 0 ? name : body?["metadata"]?["name"]?.GetValue<string>() ?? "";
            var key = $"{@namespace}/{name}";
            var known = _leases.GetValueOrDefault(key);
            return (method, known) switch
            {
                ("GET", not null) => Ok(200, known),
                ("POST", null) => Write(201, key, body!),
                ("POST", _) => Conflict($"leases.coordination.k8s.io \"{name}\" already exists", "AlreadyExists", name),
                ("PUT", not null) when Version(body!) == Version(known) => Write(200, key, body!),
                ("PUT", not null) => Conflict(
                    $"Operation cannot be fulfilled on leases.coordination.k8s.io \"{name}\": the object has been modified; "
                    + "please apply your changes to the latest version and try again", "Conflict", name),
                _ => StatusBody.Answer(404, "NotFound", $"leases.coordination.k8s.io \"{name}\" not found"),
            };
        }
    }

    private static string? Version(JsonObject lease) => lease["metadata"]?["resourceVersion"]?.GetValue<string>();

    private static Answer Ok(int status, JsonObject lease) => new(status, Encoding.UTF8.GetBytes(lease.ToJsonString()));

    private Answer Write(int status, string key, JsonObject lease)
    {
        lease["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _leases[key] = lease;
        Writes++;
        return Ok(status, lease);
    }

    private Answer Conflict(string message, string reason, string name)
    {
        Conflicts++;
        return StatusBody.Answer(
            409, reason, message, new JsonObject { ["name"] = name, ["group"] = "coordination.k8s.io", ["kind"] = "leases" });
    }
}
