using System.Diagnostics;
using System.Globalization;

namespace Caretta.Benchmarks.Scrape;

/// <summary>A server of the benchmark in a process of its own, and what its scrapes cost.</summary>
internal sealed class ScrapedProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly byte[] _buffer = new byte[256 * 1024];

    public ScrapedProcess(string kind, int series)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["serve", kind, series.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_gcServer"] = "1"; // as the aggregator runs, ASP.NET's default
        start.Environment["DOTNET_gcConcurrent"] = "1";
        _process = Process.Start(start)!;
        var address = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The server {kind} did not start.");
        _client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
    }

    public Samples Milliseconds { get; private set; } = new();

    public Samples CpuMilliseconds { get; private set; } = new();

    public Samples AllocatedBytes { get; private set; } = new();

    public long PageBytes { get; private set; }

    public long ResidentKilobytes { get; private set; }

    public void Reset() => (Milliseconds, CpuMilliseconds, AllocatedBytes) = (new(), new(), new());

    public async Task ScrapeAsync(bool gzip)
    {
        var before = await CostAsync();
        var began = Stopwatch.GetTimestamp();
        PageBytes = await ReadPageAsync(gzip);
        Milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        var after = await CostAsync();
        CpuMilliseconds.Add(after.CpuMilliseconds - before.CpuMilliseconds);
        AllocatedBytes.Add(after.AllocatedBytes - before.AllocatedBytes);
        ResidentKilobytes = after.ResidentKilobytes;
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<ServerCost> CostAsync() => ServerCost.Parse(await _client.GetStringAsync("/cost"));

    /// <summary>As a scraper that throws the page away: the client's own work is to stay small beside the server's.</summary>
    private async Task<long> ReadPageAsync(bool gzip)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (gzip)
        {
            request.Headers.AcceptEncoding.ParseAdd("gzip");
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        if (response.Content.Headers.ContentEncoding.Contains("gzip") != gzip)
        {
            throw new InvalidOperationException("The server did not encode the page as asked.");
        }

        await using var page = await response.Content.ReadAsStreamAsync();
        long length = 0;
        while (await page.ReadAsync(_buffer) is var part and > 0)
        {
            length += part;
        }

        return length;
    }
}
