using System.Text;
using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

/// <summary>The Status objects an API server answers with instead of what was asked for.</summary>
internal static class StatusBody
{
    public static Answer Answer(int code, string reason, string message, JsonObject? details = null, IReadOnlyDictionary<string, string>? headers = null) =>
        new(code, Encoding.UTF8.GetBytes(Status(code, reason, message, details).ToJsonString()), headers);

    public static Answer Forbidden(ApiKind kind, string verb)
    {
        var message = $"{kind.Plural}{(kind.Group.Length == 0 ? "" : $".{kind.Group}")} is forbidden: "
            + $"User \"system:serviceaccount:caretta:aggregator\" cannot {verb} resource \"{kind.Plural}\" in API group \"{kind.Group}\" at the cluster scope";
        return Answer(403, "Forbidden", message, new JsonObject { ["group"] = kind.Group, ["kind"] = kind.Plural });
    }

    public static Answer Unauthorized() => Answer(401, "Unauthorized", "Unauthorized");

    public static Answer NotFound() => Answer(404, "NotFound", "the server could not find the requested resource", []);

    public static Answer StaleToken() => Answer(410, "Expired",
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");

    public static byte[] TooOldLine(string asked, long oldest) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = "ERROR",
        ["object"] = Status(410, "Expired", $"too old resource version: {asked} ({oldest})", null),
    }.ToJsonString());

    private static JsonObject Status(int code, string reason, string message, JsonObject? details)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
            ["reason"] = reason,
        };
        if (details is not null)
        {
            status["details"] = details;
        }

        status["code"] = code;
        return status;
    }
}
