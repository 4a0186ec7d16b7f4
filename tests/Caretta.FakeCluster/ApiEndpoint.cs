using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Caretta.FakeCluster;

/// <summary>Answers one request.</summary>
internal sealed class ApiEndpoint(IObjectSource source, FakeApiServer server)
{
    private const string Json = "application/json";

    public async Task ServeAsync(HttpContext context)
    {
        context.Response.Headers.Date = source.Time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        context.Response.Headers["Audit-Id"] = Guid.NewGuid().ToString();
        context.Response.Headers.CacheControl = "no-cache, private";
        if (!server.Faults.Unauthorized && await NamespaceEndpoint.AnswerAsync(context, source, server.Leases, server.Objects) is { } ofNamespace)
        {
            await Write(context, ofNamespace);
            return;
        }

        if (context.Request.Path == TokenBook.Path && HttpMethods.IsPost(context.Request.Method))
        {
            var review = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            await Write(context, server.Tokens.Review(review!));
            return;
        }

        if (ApiKind.All.FirstOrDefault(one => one.Path == context.Request.Path) is not { } kind)
        {
            await Write(context, StatusBody.NotFound());
            return;
        }

        var watch = context.Request.Query["watch"] == "true";
        server.Requests.Add(Request(context, kind, watch));
        await server.Faults.AtGate(kind, watch, context.RequestAborted);
        await (server.Faults.Instead(kind, watch ? "watch" : "list") is { } answer ? Write(context, answer)
            : watch ? Watch(context, kind)
            : List(context, kind));
    }

    private static ApiRequest Request(HttpContext context, ApiKind kind, bool watch) => new(
        kind,
        watch,
        context.Request.Protocol,
        context.Request.Query.ToDictionary(one => one.Key, one => one.Value.ToString()),
        context.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    private static async Task Write(HttpContext context, Answer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = Json;
        foreach (var (name, value) in answer.Headers ?? new Dictionary<string, string>())
        {
            response.Headers[name] = value;
        }

        if (answer.Status == 200 && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "gzip";
            await using var zipped = new GZipStream(response.Body, CompressionLevel.Fastest);
            await zipped.WriteAsync(answer.Body);
            return;
        }

        await response.Body.WriteAsync(answer.Body);
    }

    private async Task List(HttpContext context, ApiKind kind)
    {
        var query = context.Request.Query;
        var limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var asked) ? asked : (int?)null;
        var answer = source.List(kind, limit, query.TryGetValue("continue", out var token) && token != "" ? token.ToString() : null);
        if (!server.Faults.CutsList(kind))
        {
            await Write(context, answer);
            return;
        }

        context.Response.ContentType = Json;
        await context.Response.Body.WriteAsync(answer.Body[..(answer.Body.Length / 2)]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private async Task Watch(HttpContext context, ApiKind kind)
    {
        var query = context.Request.Query;
        using var feed = source.Watch(kind, query["resourceVersion"]);
        var watch = new OpenWatch(kind, feed, query["allowWatchBookmarks"] == "true");
        context.Response.ContentType = Json;
        await context.Response.Body.FlushAsync();
        var seconds = int.TryParse(query["timeoutSeconds"], CultureInfo.InvariantCulture, out var asked) ? asked : 1800;
        await using var timeout = source.Time.CreateTimer(
            _ => _ = server.Mute ? Task.CompletedTask : watch.Ended.CancelAsync(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        server.Open(watch);
        try
        {
            await new WatchStream(context, source, watch, server).RunAsync();
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            server.Close(watch);
        }
    }
}
