using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Caretta.FakeCluster;

/// <summary>Where the next page of a list begins, and the version the list is of. To a client it is opaque.</summary>
internal sealed record ContinueToken(long Version, string Start)
{
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"v":"meta.k8s.io/v1","rv":{{Version}},"start":"{{Start}}\u0000"}"""));

    public static bool TryParse(string text, out ContinueToken token)
    {
        token = new ContinueToken(0, "");
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
            token = new ContinueToken(json.RootElement.GetProperty("rv").GetInt64(), json.RootElement.GetProperty("start").GetString()!.TrimEnd('\0'));
            return true;
        }
        catch (Exception broken) when (broken is JsonException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}
