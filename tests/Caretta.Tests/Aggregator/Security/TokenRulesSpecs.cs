using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Caretta.Aggregator.Security;
using Caretta.Aggregator.Security.Manifests;
using Caretta.FakeCluster;

namespace Caretta.Tests.Aggregator.Security;

/// <summary>Against what a Kubernetes 1.36 API server said.</summary>
public class TokenRulesSpecs
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_recorded_token_names_its_node() =>
        Assert.Equal(TokenVerdict.Good("node-1"), new TokenRules("caretta", "shop/default").Judge(Recorded("accepted")));

    [Theory]
    [InlineData("caretta", "shop/other", "accepted", nameof(Unproven.TokenUser))]
    [InlineData("other", "shop/default", "accepted", nameof(Unproven.TokenAudience))] // as by a server that knows nothing of audiences
    [InlineData("other", "shop/default", "wrong-audience", nameof(Unproven.TokenAudience))]
    [InlineData("caretta", "shop/default", "invalid", nameof(Unproven.TokenInvalid))]
    [InlineData("caretta", "shop/default", "api-server-refuses", nameof(Unproven.TokenInvalid))]
    public void Anything_else_does_not(string audience, string account, string recording, string reason) =>
        Assert.Equal(reason, new TokenRules(audience, account).Judge(Recorded(recording)).Reason.ToString());

    [Theory]
    [InlineData(600, 540)] // a minute before its end
    [InlineData(80, 30)] // but never at once
    [InlineData(86_400, 3600)] // and not after more than an hour
    public void It_must_be_proven_again_before_it_ends(int endsAfterSeconds, int againAfterSeconds) =>
        Assert.Equal(Now.AddSeconds(againAfterSeconds), TokenRules.Until(Jwt($$"""{"exp":{{Now.AddSeconds(endsAfterSeconds).ToUnixTimeSeconds()}}}"""), Now));

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.!.c")]
    [InlineData("a..c")]
    public void One_that_does_not_say_when_it_ends_is_asked_about_every_hour(string token) =>
        Assert.Equal(Now.AddHours(1), TokenRules.Until(token, Now));

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"exp":"soon"}""")]
    [InlineData("""{"exp":99999999999999999}""")]
    [InlineData("""{"exp":1.5}""")]
    public void Nor_does_nonsense_in_it_matter(string claims) => Assert.Equal(Now.AddHours(1), TokenRules.Until(Jwt(claims), Now));

    private static string Jwt(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.sig";

    private static TokenReviewStatus? Recorded(string name)
    {
        var json = File.ReadAllText(Path.Combine(Recording.Folder, "tokenreview", $"{name}.json"));
        try
        {
            return JsonSerializer.Deserialize(json, TokenReviewContext.Default.TokenReview)!.Status;
        }
        catch (JsonException)
        {
            return null; // a Status object, which comes with an error code
        }
    }
}
