using System.Text.Json;

namespace Caretta.FakeCluster;

/// <summary>The pages and the watch recorded of one kind.</summary>
internal sealed class RecordedKind
{
    private readonly List<Answer> _pages = [];
    private readonly List<string> _tokens = [];
    private readonly List<(long Version, byte[] Line)> _lines = [];

    public RecordedKind(string folder, ApiKind kind)
    {
        for (var page = 1; Path.Combine(folder, "list", $"{kind.Plural}.{page}") is var file && File.Exists($"{file}.json"); page++)
        {
            var body = File.ReadAllBytes($"{file}.json");
            _pages.Add(new Answer(200, body));
            using var json = JsonDocument.Parse(body);
            _tokens.Add(json.RootElement.GetProperty("metadata").TryGetProperty("continue", out var token) ? token.GetString()! : "");
        }

        foreach (var line in File.ReadAllLines(Path.Combine(folder, "watch", $"{kind.Plural}.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var version = json.RootElement.GetProperty("object").GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
            _lines.Add((long.Parse(version, System.Globalization.CultureInfo.InvariantCulture), System.Text.Encoding.UTF8.GetBytes(line)));
        }
    }

    public IEnumerable<byte[]> LinesAfter(long version) => _lines.Where(line => line.Version > version).Select(line => line.Line);

    public Answer? Page(string? token) => token is null ? _pages[0] : _tokens.IndexOf(token) is >= 0 and var page ? _pages[page + 1] : null;
}
