using System.Globalization;
using System.Text.Json;

namespace Caretta.TestServers;

/// <summary>Asks a server that speaks Prometheus' query API.</summary>
public sealed class PromQl(string name, Uri address)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    public override string ToString() => name;

    /// <param name="at">Unix time in seconds; null for now.</param>
    /// <param name="step">As Grafana sends it. VictoriaMetrics evaluates subqueries without a step of their own by it, and by five minutes without it.</param>
    /// <returns>The series of an instant query; those that are not a number are left out.</returns>
    /// <exception cref="InvalidOperationException">It refused; the message says why.</exception>
    public async Task<IReadOnlyList<QueriedSeries>> AskAsync(string query, double? at = null, string? step = null, CancellationToken cancel = default)
    {
        var asked = new Dictionary<string, string> { ["query"] = query };
        if (at is { } time)
        {
            asked["time"] = time.ToString("F3", CultureInfo.InvariantCulture);
        }

        if (step is not null)
        {
            asked["step"] = step;
        }

        using var form = new FormUrlEncodedContent(asked);
        using var response = await Http.PostAsync(new Uri(address, "/api/v1/query"), form, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode ? Read(text) : throw new InvalidOperationException($"{name} refused {query}: {text}");
    }

    private static List<QueriedSeries> Read(string text)
    {
        using var answer = JsonDocument.Parse(text);
        return
        [
            .. from result in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
               let value = double.Parse(result.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
               where !double.IsNaN(value)
               select new QueriedSeries(
                   result.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!), value),
        ];
    }
}
