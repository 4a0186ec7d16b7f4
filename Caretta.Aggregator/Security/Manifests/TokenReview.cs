namespace Caretta.Aggregator.Security.Manifests;

/// <summary>authentication.k8s.io/v1, as far as it is used: the spec goes, the status comes.</summary>
internal sealed record TokenReview(string ApiVersion, string Kind, TokenReviewSpec Spec, TokenReviewStatus? Status)
{
    public static TokenReview Of(string token, string audience) =>
        new("authentication.k8s.io/v1", "TokenReview", new TokenReviewSpec(token, [audience]), null);
}
