namespace Caretta.Tests.Aggregator.Map;

/// <summary>An open page, as far as its stream goes.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage answer, Stream body) => (_answer, _lines) = (answer, new StreamReader(body));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<EventReader> OpenAsync(HttpClient client, string path)
    {
        var answer = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        answer.EnsureSuccessStatusCode();
        return new EventReader(answer, await answer.Content.ReadAsStreamAsync(Cancel));
    }

    /// <summary>Reads on until a line holds it.</summary>
    public async Task UntilAsync(string text)
    {
        while (!(await _lines.ReadLineAsync(Cancel) ?? throw new EndOfStreamException()).Contains(text, StringComparison.Ordinal))
        {
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
