namespace Caretta.FakeCluster;

/// <summary>A request that reached the server, whatever it was answered.</summary>
public sealed record ApiRequest(ApiKind Kind, bool Watch, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers)
{
    public string? ResourceVersion => Query.GetValueOrDefault("resourceVersion");

    public string? Continue => Query.GetValueOrDefault("continue");
}
