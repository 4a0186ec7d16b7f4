using Akka.Actor;
using Microsoft.AspNetCore.WebUtilities;

namespace Caretta.Aggregator.Map.Http;

/// <summary>Answers that are none, as RFC 9457 has them.</summary>
internal static class Problems
{
    public static IResult Of(int status, string detail) => Results.Problem(detail, title: ReasonPhrases.GetReasonPhrase(status), statusCode: status);

    public static IResult NotFound(string id) => Of(
        StatusCodes.Status404NotFound,
        $"Nothing here has the id '{(id.Length <= 60 ? id : id[..60] + "…")}'. Ids are those that /api/v1/map, /links and /workloads tell; what has ended has none.");

    public static IResult NoSuchQuestion(HttpContext context) => Of(
        StatusCodes.Status404NotFound, $"There is no such question. GET {context.Request.PathBase}/api/v1/openapi.json lists them.");

    /// <summary>Around every question.</summary>
    public static async ValueTask<object?> ExplainAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (BadParameterException bad)
        {
            return Of(StatusCodes.Status400BadRequest, bad.Message);
        }
        catch (AskTimeoutException)
        {
            return Of(
                StatusCodes.Status503ServiceUnavailable, "The map of this member did not answer in time: it starts, stops, or is overloaded. Ask again, or another member.");
        }
    }
}
