using Microsoft.AspNetCore.Http;

namespace Caretta.FakeCluster;

/// <summary>Writes one watch's lines until it is to end.</summary>
internal sealed class WatchStream(HttpContext context, IObjectSource source, OpenWatch watch, FakeApiServer server)
{
    /// <exception cref="OperationCanceledException">The stream is to break off, or the client is gone.</exception>
    public async Task RunAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, watch.Cut.Token, watch.Ended.Token);
        try
        {
            do
            {
                await Drain();
                await server.WhileMute(stop.Token);
            }
            while (await watch.Feed.Lines.WaitToReadAsync(stop.Token));
        }
        catch (OperationCanceledException) when (watch.Ended.IsCancellationRequested && !watch.Cut.IsCancellationRequested)
        {
            if (watch.Bookmarks)
            {
                source.SendBookmark(watch.Kind, watch.Feed);
            }

            await Drain();
        }
    }

    private async Task Drain()
    {
        while (!server.Mute && watch.Feed.Lines.TryRead(out var line))
        {
            watch.Cut.Token.ThrowIfCancellationRequested();
            if (server.Faults.CutsEvent(watch.Kind))
            {
                await context.Response.Body.WriteAsync(line.AsMemory(0, line.Length / 2));
                await context.Response.Body.FlushAsync();
                throw new OperationCanceledException();
            }

            await context.Response.Body.WriteAsync((byte[])[.. line, (byte)'\n']);
        }

        await context.Response.Body.FlushAsync();
    }
}
