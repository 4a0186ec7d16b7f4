using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

/// <summary>
/// An object as somebody would apply it, with what a real one carries besides. Its uid follows from kind, namespace and name unless one is
/// given, so that putting it twice changes it, and putting it with another uid deletes and recreates it.
/// </summary>
public sealed partial class Manifest
{
    private Manifest(ApiKind kind, JsonObject json)
    {
        Kind = kind;
        Json = json;
    }

    public ApiKind Kind { get; }

    /// <summary>Without kind and apiVersion, as in a list. Whoever wants a broken object breaks it here.</summary>
    public JsonObject Json { get; }

    public string Namespace => (string?)Json["metadata"]?["namespace"] ?? "";

    public string Name => (string?)Json["metadata"]?["name"] ?? "";

    public string Uid => (string?)Json["metadata"]?["uid"] ?? "";

    /// <summary>Lists are in this order.</summary>
    internal string Key => Kind.Namespaced ? $"/{Namespace}/{Name}" : $"/{Name}";

    /// <summary>What an object is given as uid if it is put without one.</summary>
    public static Guid UidOf(ApiKind kind, string @namespace, string name) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind.Plural}/{@namespace}/{name}")).AsSpan(0, 16));

    /// <summary>A copy that <paramref name="change"/> was done to.</summary>
    public Manifest With(Action<JsonObject> change)
    {
        var copy = new Manifest(Kind, Json.DeepClone().AsObject());
        change(copy.Json);
        return copy;
    }

    /// <summary>The same name, another object.</summary>
    public Manifest WithUid(Guid uid) => WithMetadata("uid", uid.ToString());

    public Manifest CreatedAt(DateTimeOffset time) => WithMetadata("creationTimestamp", Text(time));

    /// <summary>Deletion was asked for; it is there until <see cref="SimulatedCluster.Delete(Manifest)"/>.</summary>
    public Manifest Terminating(DateTimeOffset since) => WithMetadata("deletionTimestamp", Text(since));

    public Manifest Annotated(string annotation, string value) => With(json =>
    {
        var metadata = json["metadata"]!.AsObject();
        metadata["annotations"] ??= new JsonObject();
        metadata["annotations"]![annotation] = value;
    });

    public Manifest OwnedBy(Manifest owner) => OwnedBy(owner.Kind.Name, owner.Name, owner.Uid, owner.Kind.ApiVersion);

    /// <summary>By a controller of any kind, one that is not watched as well.</summary>
    public Manifest OwnedBy(string kind, string name, string uid, string apiVersion = "apps/v1") => With(json =>
        json["metadata"]!["ownerReferences"] = new JsonArray(
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = "not-the-controller", ["uid"] = Guid.Empty.ToString() },
            new JsonObject
            {
                ["apiVersion"] = apiVersion,
                ["kind"] = kind,
                ["name"] = name,
                ["uid"] = uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            }));

    /// <summary>RFC 3339 in seconds, as all times of metadata are.</summary>
    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Manifest New(ApiKind kind, string @namespace, string name, Manifest? owner, JsonObject body)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (kind.Namespaced)
        {
            metadata["namespace"] = @namespace;
        }

        metadata["uid"] = UidOf(kind, @namespace, name).ToString();
        metadata["generation"] = 1;
        metadata["labels"] = new JsonObject { ["app.kubernetes.io/name"] = name, ["app.kubernetes.io/managed-by"] = "kubectl" };
        metadata["managedFields"] = Noise.ManagedFields(kind);
        var json = new JsonObject { ["metadata"] = metadata };
        foreach (var part in body.ToList())
        {
            body.Remove(part.Key);
            json[part.Key] = part.Value;
        }

        var manifest = new Manifest(kind, json);
        return owner is null ? manifest : manifest.OwnedBy(owner);
    }

    private Manifest WithMetadata(string field, string value) => With(json => json["metadata"]![field] = value);
}
