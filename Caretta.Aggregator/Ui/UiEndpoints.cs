using System.Reflection;
using Microsoft.Extensions.Primitives;

namespace Caretta.Aggregator.Ui;

/// <summary>The page: files built from Ui/ and kept in this program. Each has an endpoint of its own, so no path leads anywhere else.</summary>
internal static class UiEndpoints
{
    private const string Prefix = "Ui";
    private const string Index = "/index.html";

    /// <summary>Nothing but what comes from here: no script written into the page, no other host, no frame around it.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
        + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IReadOnlyList<UiFile> Files { get; } = Read(typeof(UiEndpoints).Assembly);

    public static void MapThePage(this WebApplication app)
    {
        foreach (var file in Files)
        {
            string[] paths = file.Path == Index ? ["/", Index] : [file.Path];
            foreach (var path in paths)
            {
                app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], context => ServeAsync(context, file)).ExcludeFromDescription();
            }
        }
    }

    /// <summary>On every answer, whoever made it.</summary>
    public static Task Guard(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            headers.CacheControl = "no-store";
        }

        return next(context);
    }

    private static async Task ServeAsync(HttpContext context, UiFile file)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.ContentSecurityPolicy = Policy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.ETag = file.Tag;
        headers.CacheControl = file.NeverChanges ? "private, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch.Contains(file.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var content = file.IsText ? Encoded(request.Headers.AcceptEncoding, headers, file) : file.Content;
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
    }

    private static byte[] Encoded(StringValues accepted, IHeaderDictionary headers, UiFile file)
    {
        foreach (var (encoding, content) in new (string, Func<byte[]>)[] { ("br", () => file.Brotli), ("gzip", () => file.Gzip) })
        {
            if (accepted.ToString().Split(',', StringSplitOptions.TrimEntries).Any(taken => taken == encoding))
            {
                headers.ContentEncoding = encoding;
                return content();
            }
        }

        return file.Content;
    }

    private static IReadOnlyList<UiFile> Read(Assembly assembly) =>
    [
        .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix + "/", StringComparison.Ordinal)).Select(name =>
        {
            using var resource = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            resource.CopyTo(content);
            return new UiFile(name[Prefix.Length..], content.ToArray());
        }),
    ];
}
