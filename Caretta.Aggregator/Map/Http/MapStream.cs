using Caretta.Aggregator.Map.Model;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Caretta.Aggregator.Map.Http;

/// <summary>
/// Server-sent events for one page: a whole map, then what changes. A page that reads slowly misses maps, since the next event is made of the
/// newest when the last is on its way; one that does not read at all is dropped. So it holds the view it was sent last, and nothing in a queue.
/// </summary>
internal sealed class MapStream(MapFeed feed, IMapSource map, MapViews views, MapSettings settings, MapMetrics metrics, TimeProvider time, IHostApplicationLifetime life)
{
    public async Task ServeAsync(HttpContext context)
    {
        var query = new QuestionReader(context.Request.Query, Parameters.OfStream).Map();
        if (!feed.TryOpen())
        {
            context.Response.Headers.RetryAfter = "30";
            await Problems.Of(
                StatusCodes.Status503ServiceUnavailable, $"{settings.MostStreams} streams are open at this member. Close pages nobody looks at, or ask another member.")
                .ExecuteAsync(context);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        try
        {
            var first = await map.LookAsync(ended.Token);
            Begin(context);
            await SendAsync(context, first, new View(query, context.Request.QueryString.Value ?? ""), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // the page was closed, or this member stops
        }
        finally
        {
            feed.Close();
        }
    }

    private static void Begin(HttpContext context)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } least)
        {
            least.MinDataRate = null; // who reads too slowly is cut off below, where it is counted
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // a proxy would hold events back
    }

    private async Task SendAsync(HttpContext context, MapModel model, View view, CancellationToken ended)
    {
        ViewedMap? sent = null;
        while (await SendAsync(context, Next(model, view, ref sent), ended))
        {
            while (!await IsNewAsync(sent!.Number, ended))
            {
                if (!await SendAsync(context, ": still here\n\n"u8.ToArray(), ended))
                {
                    return;
                }
            }

            model = feed.Current;
        }
    }

    private byte[] Next(MapModel model, View view, ref ViewedMap? sent)
    {
        var next = views.Of(model, view.Query, view.Question);
        var text = next.EventAfter(sent);
        sent = next;
        return text;
    }

    /// <returns>False: nothing for as long as between two heartbeats.</returns>
    private async Task<bool> IsNewAsync(long number, CancellationToken ended)
    {
        try
        {
            await feed.After(number).WaitAsync(settings.HeartbeatEvery, time, ended);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <returns>False: the client does not read.</returns>
    private async Task<bool> SendAsync(HttpContext context, byte[] text, CancellationToken ended)
    {
        using var slow = new CancellationTokenSource(settings.WriteWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, slow.Token);
        try
        {
            await context.Response.Body.WriteAsync(text, either.Token);
            await context.Response.Body.FlushAsync(either.Token);
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested)
        {
            // counted below
        }

        if (!slow.IsCancellationRequested)
        {
            return true;
        }

        // Also where the request has ended: the server cuts a connection by itself when a write on it is given up.
        metrics.StreamsDropped.Inc();
        context.Abort();
        return false;
    }

    private sealed record View(Views.MapQuery Query, string Question);
}
