using System.Net;
using System.Text.Json;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>What /readyz said, with what it says of the directory.</summary>
internal sealed record Readyz(HttpStatusCode Status, JsonElement Directory)
{
    public bool Current => Directory.GetProperty("current").GetBoolean();

    public bool Answers => Directory.GetProperty("answers").GetBoolean();

    public static async Task<Readyz> AskAsync(Uri http)
    {
        using var client = new HttpClient();
        var answer = await client.GetAsync(new Uri(http, "/readyz"), TestContext.Current.CancellationToken);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(answer.StatusCode == HttpStatusCode.OK, body.RootElement.GetProperty("ready").GetBoolean());
        return new Readyz(answer.StatusCode, body.RootElement.GetProperty("directory").Clone());
    }

    /// <summary>Asks again as soon as it was answered; the test's own time limit is the bound.</summary>
    public static async Task<Readyz> UntilAsync(Uri http, Func<Readyz, bool> met)
    {
        while (true)
        {
            var answer = await AskAsync(http);
            if (met(answer))
            {
                return answer;
            }

            await Task.Yield();
        }
    }

    /// <param name="list"><c>missing</c>, <c>interrupted</c> or <c>forbidden</c>.</param>
    public List<string> Kinds(string list) => [.. Directory.GetProperty(list).EnumerateArray().Select(kind => kind.GetString()!)];
}
