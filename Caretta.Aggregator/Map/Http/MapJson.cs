using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caretta.Aggregator.Map.Http;

/// <summary>How answers are written.</summary>
internal static class MapJson
{
    public static readonly JsonSerializerOptions Options = Set(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Numbers are numbers: texts that could be read as such would be in the OpenAPI document as well.</summary>
    public static JsonSerializerOptions Set(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        return options;
    }

    public static byte[] Write<T>(T answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Options);
}
