namespace Caretta.FakeCluster;

/// <summary>A request that reached the server, whatever it was answered.</summary>
/// <param name="Protocol">As <c>HTTP/1.1</c>.</param>
public sealed record ApiRequest(
    ApiKind Kind, bool Watch, string Protocol, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers)
{
    public string? ResourceVersion => Query.GetValueOrDefault("resourceVersion");

    public string? Continue => Query.GetValueOrDefault("continue");
}
