using System.Text.Json.Serialization;

namespace Caretta.Aggregator.Security.Manifests;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenReview))]
internal sealed partial class TokenReviewContext : JsonSerializerContext;
