using System.Buffers.Text;
using System.Text.Json;
using Caretta.Aggregator.Security.Manifests;

namespace Caretta.Aggregator.Security;

/// <summary>What must be true of a token for its bearer to be a node's agent. Pure.</summary>
internal sealed class TokenRules(string audience, string serviceAccount)
{
    private const string NodeNameExtra = "authentication.kubernetes.io/node-name";
    private const int LongestError = 300;

    /// <summary>A token without an end of its own is asked about again after so long, and one that lasts longer too.</summary>
    private static readonly TimeSpan LongestProof = TimeSpan.FromHours(1);

    /// <summary>So long before a token's end the agent is to come with the next one: kubelet renews it when a fifth of its life is left.</summary>
    private static readonly TimeSpan BeforeEnd = TimeSpan.FromSeconds(60);

    /// <summary>Who comes with a token about to end does not come again at once.</summary>
    private static readonly TimeSpan ShortestProof = TimeSpan.FromSeconds(30);

    private readonly string _user = $"system:serviceaccount:{serviceAccount.Replace('/', ':')}";

    public string Audience => audience;

    public TokenVerdict Judge(TokenReviewStatus? status)
    {
        if (status is not { Authenticated: true })
        {
            var error = status?.Error is { Length: > 0 } said ? said[..Math.Min(said.Length, LongestError)] : "not authenticated";
            var reason = error.Contains("target audiences", StringComparison.Ordinal) ? Unproven.TokenAudience : Unproven.TokenInvalid;
            return TokenVerdict.Bad(reason, $"The API server refuses the agent's token for audience '{audience}': {error}");
        }

        // An API server that knows nothing of audiences would accept any of its tokens, and say so by naming none.
        if (status.Audiences?.Contains(audience) is not true)
        {
            return TokenVerdict.Bad(Unproven.TokenAudience, $"The agent's token is not for audience '{audience}'. Project one with that audience.");
        }

        if (status.User?.Username != _user)
        {
            return TokenVerdict.Bad(
                Unproven.TokenUser,
                $"The agent's token is of '{status.User?.Username}', not of '{_user}'. Run the agent under that service account, or set "
                + $"{AggregatorOptions.Section}:{nameof(AggregatorOptions.AgentServiceAccount)}.");
        }

        return status.User.Extra?.GetValueOrDefault(NodeNameExtra) is [{ Length: > 0 } node]
            ? TokenVerdict.Good(node)
            : TokenVerdict.Bad(
                Unproven.TokenNode,
                "The agent's token does not say on which node its pod runs. It must be projected into the pod (not made by hand), by Kubernetes 1.30 or later; "
                + "otherwise use client certificates.");
    }

    /// <summary>When its bearer must prove himself again.</summary>
    public static DateTimeOffset Until(string token, DateTimeOffset now)
    {
        var until = End(token) is { } end && end - BeforeEnd < now + LongestProof ? end - BeforeEnd : now + LongestProof;
        return until > now + ShortestProof ? until : now + ShortestProof;
    }

    /// <summary>As the token itself says; the API server has found it genuine.</summary>
    private static DateTimeOffset? End(string token)
    {
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.') is [_, var payload, _] ? payload : ""));
            return DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64());
        }
        catch (Exception none) when (none is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
