using Akka.Actor;
using Caretta.Aggregator.Cli;
using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Security.Http;
using Caretta.FakeCluster;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Tests.Aggregator.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>The map behind TLS and a token.</summary>
public class SecuredMapSpecs
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_may_not_ask_sees_neither_page_nor_API_and_who_may_sees_both()
    {
        var folder = new TempFolder();
        var tokens = Path.Combine(folder.Path, "tokens");
        await File.WriteAllTextAsync(tokens, Token, Cancel);
        await using var aggregator = await SecuredAggregator.StartAsync(folder, new TestAuthority(folder.Path), $"--http-tokens-file={tokens}");
        await UntilItHasAMapAsync(aggregator);
        using var strangers = MapServer.Open(aggregator.Http.ToString(), null, null, null, aggregator.Authority.CaFile);
        foreach (var path in new[] { "", "index.html", "api/v1/map", "api/v1/stream", "api/v1/openapi.json", "api/v1/nothing" })
        {
            Assert.Contains("asks for a token", (await Assert.ThrowsAsync<CommandFailedException>(() => strangers.AskAsync(path, Cancel))).Message, StringComparison.Ordinal);
        }

        using var known = MapServer.Open(aggregator.Http.ToString(), tokens, null, null, aggregator.Authority.CaFile);
        foreach (var path in new[] { "", "api/v1/map", "api/v1/openapi.json" })
        {
            Assert.NotEmpty(await known.AskAsync(path, Cancel));
        }

        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(0, await MapCommands.RunAsync(
            ["top", "--url", aggregator.Http.ToString(), "--token-file", tokens, "--ca-file", aggregator.Authority.CaFile], output, error, Cancel));
        Assert.Contains("0 workloads", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await MapCommands.RunAsync(["top", "--url", aggregator.Http.ToString(), "--token-file", tokens], output, error, Cancel));
        Assert.Contains("--ca-file", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_are_let_in_with_a_password_and_told_what_to_give_without_the_right_one()
    {
        var folder = new TempFolder();
        var (passwords, right, wrong) = (Path.Combine(folder.Path, "passwords"), Path.Combine(folder.Path, "right"), Path.Combine(folder.Path, "wrong"));
        await File.WriteAllTextAsync(passwords, $"ann:{PasswordHash.Of(Token)}\n", Cancel);
        await File.WriteAllTextAsync(right, $"{Token}\nonly the first line counts\n", Cancel);
        await File.WriteAllTextAsync(wrong, Token[1..], Cancel);
        await using var aggregator = await SecuredAggregator.StartAsync(folder, new TestAuthority(folder.Path), $"--http-passwords-file={passwords}");

        await UntilItHasAMapAsync(aggregator);

        async Task<(int Code, string Output, string Error)> RunAsync(string command, string user, string file)
        {
            var (output, error) = (new StringWriter(), new StringWriter());
            var code = await MapCommands.RunAsync(
                [command, "--url", aggregator.Http.ToString(), "--user", user, "--password-file", file, "--ca-file", aggregator.Authority.CaFile], output, error, Cancel);
            return (code, output.ToString(), error.ToString());
        }

        foreach (var command in new[] { "top", "links" })
        {
            var (code, output, error) = await RunAsync(command, "ann", right);
            Assert.Equal((0, ""), (code, error));
            Assert.NotEqual("", output);
            foreach (var (user, file) in new[] { ("ann", wrong), ("bob", right) })
            {
                var refused = await RunAsync(command, user, file);
                Assert.Equal((1, ""), (refused.Code, refused.Output));
                Assert.Contains("--password-file", refused.Error, StringComparison.Ordinal);
                Assert.DoesNotContain(Token[1..], refused.Error, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>One whose machine has other work may say at first that it has none.</summary>
    private static async Task UntilItHasAMapAsync(SecuredAggregator aggregator)
    {
        while (!aggregator.Services.GetRequiredService<MapFeed>().HasMap)
        {
            try
            {
                await aggregator.Services.GetRequiredService<IMapSource>().LookAsync(Cancel);
            }
            catch (AskTimeoutException)
            {
                // not yet
            }
        }
    }
}
