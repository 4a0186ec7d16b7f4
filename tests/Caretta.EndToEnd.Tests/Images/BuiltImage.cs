using System.Text.Json;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>An image as it was built.</summary>
/// <param name="Root">Its files, unpacked.</param>
/// <param name="Bytes">Of its layers, unpacked.</param>
internal sealed record BuiltImage(string Root, JsonElement Config, long Bytes)
{
    public string User => Config.GetProperty(nameof(User)).GetString()!;

    public string WorkingFolder => Config.GetProperty("WorkingDir").GetString()!;

    public IEnumerable<string> Entrypoint => Strings("Entrypoint");

    public IEnumerable<string> Environment => Strings("Env");

    private IEnumerable<string> Strings(string name) => Config.GetProperty(name).EnumerateArray().Select(one => one.GetString()!);
}
