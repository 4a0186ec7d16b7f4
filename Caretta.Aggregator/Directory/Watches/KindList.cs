using System.Buffers;
using System.Text.Json;
using Caretta.Aggregator.Directory.Objects;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>One list of one kind, page by page.</summary>
internal sealed class KindList(WatchedKind kind, ApiConnection api, IWatchSink sink, ObjectReader objects, TimeProvider time)
{
    public const int PageSize = 500;

    /// <summary>A page has to be here within it, however slowly it comes.</summary>
    public static readonly TimeSpan PageWithin = TimeSpan.FromSeconds(90);

    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>The sink has been told of objects; whether all are told of, the end of the list says.</summary>
    public bool Told { get; private set; }

    public int Count { get; private set; }

    /// <returns>The version to watch from.</returns>
    /// <exception cref="WatchFailedException">The list has not come to its end.</exception>
    public async Task<string> RunAsync(bool mayHaveMissed, CancellationToken cancellation)
    {
        sink.ListBegins(kind.Kind, mayHaveMissed);
        string? next = null;
        string version;
        do
        {
            var page = await PageAsync(next, cancellation);
            (version, next) = (page.Version, page.Continue);
            Tell(page);
        }
        while (next is not null);
        sink.ListEnds(kind.Kind);
        return version;
    }

    private void Tell(ListPage page)
    {
        var times = objects.Times;
        var listed = new List<ClusterObject>(page.Items.Count);
        foreach (var item in page.Items)
        {
            if (objects.Read(_body.WrittenSpan[item], times) is { } read)
            {
                listed.Add(read);
            }
        }

        Told = true;
        Count += listed.Count;
        sink.Listed(kind.Kind, listed);
    }

    private async Task<ListPage> PageAsync(string? token, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(PageWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var response = await api.GetAsync(kind.ListPath(PageSize, token), either.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            await ReadAsync(stream, either.Token);
            return ListPage.Parse(_body.WrittenSpan);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new WatchFailedException(WatchFailure.Interrupted, $"no page within {PageWithin.TotalSeconds} s");
        }
        catch (Exception broken) when (broken is IOException or JsonException)
        {
            throw new WatchFailedException(WatchFailure.Interrupted, broken.Message, broken);
        }
    }

    private async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        _body.ResetWrittenCount();
        while (await stream.ReadAsync(_body.GetMemory(64 * 1024), cancellation) is > 0 and var read)
        {
            _body.Advance(read);
        }
    }
}
