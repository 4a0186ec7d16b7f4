namespace Caretta.Aggregator.Security.Manifests;

internal sealed record TokenReviewSpec(string Token, string[] Audiences)
{
    /// <summary>Not the token.</summary>
    public override string ToString() => nameof(TokenReviewSpec);
}
