namespace Caretta.Aggregator.Security.Manifests;

internal sealed record TokenReviewStatus(bool Authenticated, TokenUser? User, string[]? Audiences, string? Error);
