using System.Text;

namespace Caretta.Aggregator.Security.Http;

/// <summary>Stands before every page. What is not open by name is guarded, on whichever port it is asked for; gRPC has its own proof.</summary>
internal sealed class HttpGuard(AggregatorOptions options, HttpCredentials credentials, PasswordChecks checks, SecurityMetrics metrics)
{
    private const string Ingress = "/caretta.v1.Ingress";
    private const string Operator = "/caretta.v1.Operator";
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    private readonly string _challenge = string.Join(
        ", ",
        new[] { credentials.Tokens is null ? "" : "Bearer", credentials.Passwords is null ? "" : "Basic realm=\"caretta\", charset=\"UTF-8\"" }
            .Where(way => way.Length > 0));

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (!credentials.AreAsked || IsOpen(context.Request.Path))
        {
            await next(context);
            return;
        }

        var admission = await AdmitAsync(context);
        if (admission == Admission.Granted)
        {
            await next(context);
            return;
        }

        metrics.HttpRefusals.WithLabels(Label(admission)).Inc();
        await RefuseAsync(context.Response, admission, context.RequestAborted);
    }

    private static string Label(Admission admission) => admission switch
    {
        Admission.Missing => "missing",
        Admission.Crowded => "crowded",
        _ => "wrong",
    };

    private bool IsOpen(PathString path) =>
        path.StartsWithSegments(Ingress)
        || path.StartsWithSegments(Operator)
        || (options.HealthAccess == PageAccess.Open && (path == "/healthz" || path == "/readyz"))
        || (options.MetricsAccess == PageAccess.Open && path == "/metrics");

    private async Task<Admission> AdmitAsync(HttpContext context)
    {
        if (credentials.ProxyHeader.Length > 0
            && credentials.Proxies.Contain(context.Connection.RemoteIpAddress)
            && context.Request.Headers[credentials.ProxyHeader] is [{ Length: > 0 }])
        {
            return Admission.Granted;
        }

        var authorization = context.Request.Headers.Authorization.ToString();
        if (credentials.Tokens is { } tokens && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return tokens.Current.Contain(authorization[Bearer.Length..]) ? Admission.Granted : Admission.Wrong;
        }

        return credentials.Passwords is not null && authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            ? await AdmitUserAsync(authorization[Basic.Length..], context.RequestAborted)
            : Admission.Missing;
    }

    private async Task<Admission> AdmitUserAsync(string encoded, CancellationToken cancellation)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)
            || Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is not [var user, var password])
        {
            return Admission.Wrong;
        }

        return await checks.IsRightAsync(credentials.Passwords!.Current, user, password, cancellation) switch
        {
            true => Admission.Granted,
            false => Admission.Wrong,
            null => Admission.Crowded,
        };
    }

    /// <summary>The same few bytes for everybody.</summary>
    private async Task RefuseAsync(HttpResponse response, Admission admission, CancellationToken cancellation)
    {
        response.StatusCode = admission == Admission.Crowded ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized;
        if (_challenge.Length > 0)
        {
            response.Headers.WWWAuthenticate = _challenge;
        }

        response.ContentType = "text/plain";
        await response.WriteAsync("not admitted\n", cancellation);
    }
}
