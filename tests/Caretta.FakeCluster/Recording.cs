using System.Globalization;

namespace Caretta.FakeCluster;

/// <summary>What a Kubernetes 1.36.2 API server said while Recorded/changes.log ran, byte for byte: pages of three objects, watches, errors.</summary>
public sealed class Recording : IObjectSource
{
    private readonly Dictionary<ApiKind, RecordedKind> _kinds = ApiKind.All.ToDictionary(kind => kind, kind => new RecordedKind(Folder, kind));

    /// <param name="time">When it was recorded, by default.</param>
    public Recording(TimeProvider? time = null) => Time = time ?? new RecordedTime();

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Recorded");

    public TimeProvider Time { get; }

    /// <param name="name">Of a file in Recorded/errors, without its extension.</param>
    public static Answer Error(string name)
    {
        var head = File.ReadAllLines(Path.Combine(Folder, "errors", $"{name}.headers"));
        var status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var body = Directory.EnumerateFiles(Path.Combine(Folder, "errors"), $"{name}.json*").Single();
        return new Answer(status, File.ReadAllBytes(body));
    }

    /// <summary>The recorded pages, whatever <paramref name="limit"/> is.</summary>
    public Answer List(ApiKind kind, int? limit, string? continueToken) => _kinds[kind].Page(continueToken) ?? Error("list-continue-invalid");

    /// <summary>The recorded lines after the version; then nothing.</summary>
    public WatchFeed Watch(ApiKind kind, string? resourceVersion)
    {
        var feed = new WatchFeed();
        foreach (var line in _kinds[kind].LinesAfter(long.Parse(resourceVersion ?? "0", CultureInfo.InvariantCulture)))
        {
            feed.Send(line);
        }

        return feed;
    }

    /// <summary>Nothing: those that were sent are among the recorded lines.</summary>
    public void SendBookmark(ApiKind kind, WatchFeed feed)
    {
    }

    private sealed class RecordedTime : TimeProvider
    {
        private readonly long _start = TimeProvider.System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 23, 3, 3, 47, TimeSpan.Zero) + System.GetElapsedTime(_start);
    }
}
