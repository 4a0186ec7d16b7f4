using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

/// <summary>The tokens an API server knows, and its answers about them: those that were recorded, with other names in them.</summary>
public sealed class TokenBook
{
    internal const string Path = "/apis/authentication.k8s.io/v1/tokenreviews";

    private readonly ConcurrentDictionary<string, Known> _tokens = new(StringComparer.Ordinal);
    private int _asked;

    /// <summary>How often it was asked about any.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>The asker may not ask.</summary>
    public bool Forbidden { get; set; }

    /// <param name="nodeName">Null: the token does not say, as before Kubernetes 1.30.</param>
    public void Accept(string token, string audience, string userName, string? nodeName) => _tokens[token] = new Known(audience, userName, nodeName);

    /// <summary>As when its pod has gone.</summary>
    public void Forget(string token) => _tokens.TryRemove(token, out _);

    internal Answer Review(JsonNode review)
    {
        Interlocked.Increment(ref _asked);
        if (Forbidden)
        {
            return StatusBody.Answer(
                403, "Forbidden", "tokenreviews.authentication.k8s.io is forbidden: User \"x\" cannot create resource \"tokenreviews\" at the cluster scope");
        }

        var audience = (string?)review["spec"]?["audiences"]?[0];
        var answer = !_tokens.TryGetValue((string?)review["spec"]?["token"] ?? "", out var known) ? Recorded("invalid")
            : known.Audience != audience ? Recorded("wrong-audience")
            : Accepted(known);
        return new Answer(201, Encoding.UTF8.GetBytes(answer.ToJsonString()));
    }

    private static JsonNode Accepted(Known known)
    {
        var answer = Recorded("accepted");
        var status = answer["status"]!;
        status["audiences"] = new JsonArray(known.Audience);
        status["user"]!["username"] = known.UserName;
        var extra = status["user"]!["extra"]!.AsObject();
        extra.Remove("authentication.kubernetes.io/node-name");
        if (known.NodeName is not null)
        {
            extra["authentication.kubernetes.io/node-name"] = new JsonArray(known.NodeName);
        }

        return answer;
    }

    private static JsonNode Recorded(string name) =>
        JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Recording.Folder, "tokenreview", $"{name}.json")))!;

    private sealed record Known(string Audience, string UserName, string? NodeName);
}
