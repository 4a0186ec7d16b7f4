using System.Net.Http.Headers;
using System.Text.Json;
using Caretta.Aggregator.Directory.Watches;
using Caretta.Aggregator.Security.Manifests;

namespace Caretta.Aggregator.Security;

/// <summary>
/// Asks the API server about agents' tokens, a few at a time, and remembers its answers for a while: agents that reconnect in a crowd, or a
/// stranger who tries tokens, must not become the API server's load.
/// </summary>
internal sealed class TokenReviews(ApiConnection api, TokenRules rules, SecurityMetrics metrics, TimeProvider time, ILogger<TokenReviews> log) : IDisposable
{
    private const string Path = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const int AtOnce = 8;
    private const int LongestToken = 16 * 1024;
    private static readonly TimeSpan TurnWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly TokenMemory _memory = new(time);
    private readonly SemaphoreSlim _turn = new(AtOnce);
    private volatile bool _failing;

    /// <exception cref="UnprovenException">It proves nothing.</exception>
    /// <exception cref="ProofUnavailableException">The API server cannot be asked.</exception>
    public async Task<NodeProof> ProveAsync(string token, CancellationToken cancellation)
    {
        var verdict = _memory.Find(token);
        if (verdict is null)
        {
            verdict = await AskAsync(token, cancellation);
        }
        else
        {
            metrics.TokenReviews.WithLabels("remembered").Inc();
        }

        return verdict.Reason is { } reason
            ? throw new UnprovenException(reason, verdict.Message)
            : new NodeProof(verdict.NodeName, TokenRules.Until(token, time.GetUtcNow())) { CanBeProvenAgain = again => AnswersAsync(token, again) };
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> AnswersAsync(string token, CancellationToken cancellation)
    {
        try
        {
            await AskAsync(token, cancellation);
            return true;
        }
        catch (ProofUnavailableException)
        {
            return false;
        }
    }

    private async Task<TokenVerdict> AskAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > LongestToken)
        {
            return TokenVerdict.Bad(Unproven.TokenInvalid, $"The agent's token has {token.Length} characters; {LongestToken} are the most.");
        }

        if (!await _turn.WaitAsync(TurnWithin, cancellation))
        {
            metrics.TokenReviews.WithLabels("crowded").Inc();
            throw new ProofUnavailableException("Too many tokens wait for the API server's word. Come again.");
        }

        try
        {
            return await ReviewAsync(token, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<TokenVerdict> ReviewAsync(string token, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            var verdict = rules.Judge((await PostAsync(token, either.Token))?.Status);
            _failing = false;
            _memory.Remember(token, verdict);
            metrics.TokenReviews.WithLabels(verdict.Reason is null ? "accepted" : "refused").Inc();
            return verdict;
        }
        catch (Exception failed) when (failed is WatchFailedException or JsonException or IOException or HttpRequestException
            || (failed is OperationCanceledException && late.IsCancellationRequested))
        {
            throw Failed(failed);
        }
    }

    private async Task<TokenReview?> PostAsync(string token, CancellationToken cancellation)
    {
        using var body = new ByteArrayContent(
            JsonSerializer.SerializeToUtf8Bytes(TokenReview.Of(token, rules.Audience), TokenReviewContext.Default.TokenReview));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await api.PostAsync(Path, body, cancellation);
        return await JsonSerializer.DeserializeAsync(
            await response.Content.ReadAsStreamAsync(cancellation), TokenReviewContext.Default.TokenReview, cancellation);
    }

    private ProofUnavailableException Failed(Exception failed)
    {
        metrics.TokenReviews.WithLabels("failed").Inc();
        if (!_failing)
        {
            _failing = true; // once, not for each agent
            log.LogWarning(
                "The API server gives no word on agents' tokens: {Cause} New streams wait, open ones go on. It must be reachable, and allow this member's "
                + "service account to create tokenreviews.authentication.k8s.io",
                failed.Message);
        }

        return new ProofUnavailableException($"The API server gives no word on the agent's token: {failed.Message}", failed);
    }
}
