using System.Text.Json;
using Caretta.Aggregator.Directory.Watches.Manifests;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>One watch of one kind, until it ends.</summary>
/// <param name="version">To watch from.</param>
internal sealed class KindStream(
    WatchedKind kind, ApiConnection api, IWatchSink sink, ObjectReader objects, WatchReport report, TimeProvider time, string version)
{
    /// <summary>The server ends a watch after a while; we let go of one that has not ended so long after.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan SoonOver = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    private long _began;

    /// <summary>All changes up to it have been told of.</summary>
    public string Version { get; private set; } = version;

    /// <summary>It brought something, or stood a while: the server is well.</summary>
    public bool WasOfUse => Lines > 0 || Stood >= LongEnough;

    private int Lines { get; set; }

    private TimeSpan Stood => _began == 0 ? TimeSpan.Zero : time.GetElapsedTime(_began);

    /// <summary>Returns when the server has ended it as agreed.</summary>
    /// <param name="timeout">After which the server is to end it.</param>
    /// <exception cref="WatchFailedException">It ended otherwise.</exception>
    public async Task RunAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var response = await api.GetAsync(kind.WatchPath(Version, (int)timeout.TotalSeconds), either.Token);
            _began = time.GetTimestamp();
            deadline.CancelAfter(timeout + Margin);
            report.Current();
            await using var lines = new LineReader(await response.Content.ReadAsStreamAsync(either.Token));
            while (await lines.NextAsync(either.Token) is { } line)
            {
                Take(line.Span);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new WatchFailedException(WatchFailure.Interrupted, "The API server fell silent");
        }
        catch (Exception broken) when (broken is IOException or JsonException)
        {
            throw new WatchFailedException(WatchFailure.Interrupted, $"The watch broke: {broken.Message}", broken);
        }

        if (Lines == 0 && Stood < SoonOver)
        {
            throw new WatchFailedException(WatchFailure.Interrupted, "The watch ended at once");
        }
    }

    private static WatchFailedException Failure(ReadOnlySpan<byte> body)
    {
        var status = JsonSerializer.Deserialize(body, ManifestContext.Default.ApiStatus);
        var failure = status?.Code == 410 || status?.Reason is "Expired" or "Gone" ? WatchFailure.Expired : WatchFailure.Interrupted;
        return new WatchFailedException(failure, status?.Message ?? "The watch ended in an error");
    }

    private static ObjectMeta? MetadataOf(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ManifestContext.Default.AnyManifest)?.Metadata;
        }
        catch (JsonException)
        {
            return null; // reading it as an object of its kind will say why
        }
    }

    private void Take(ReadOnlySpan<byte> json)
    {
        var line = WatchLine.Parse(json);
        var body = json[line.Object];
        if (line.Type == "ERROR")
        {
            throw Failure(body);
        }

        var meta = MetadataOf(body);
        switch (line.Type)
        {
            case "ADDED" or "MODIFIED": Change(body); break;
            case "DELETED": Delete(meta); break;
            case "BOOKMARK": break;
            default: report.Malformed($"an event is of type {line.Type}"); break;
        }

        Lines++;
        Version = meta?.ResourceVersion is { Length: > 0 } seen ? seen : Version;
    }

    private void Change(ReadOnlySpan<byte> body)
    {
        report.Event();
        if (objects.Read(body, objects.Times) is { } changed)
        {
            sink.Changed(changed);
        }
    }

    /// <param name="meta">All it takes: what else an object held does not matter any more.</param>
    private void Delete(ObjectMeta? meta)
    {
        report.Event();
        if (Guid.TryParse(meta?.Uid, out var uid))
        {
            sink.Deleted(kind.Kind, uid);
        }
        else
        {
            report.Malformed($"a deleted object has no uid but '{meta?.Uid}'");
        }
    }
}
