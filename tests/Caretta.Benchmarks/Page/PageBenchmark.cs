using System.Globalization;
using System.Text;
using Caretta.Benchmarks.Cluster;
using Microsoft.Playwright;

namespace Caretta.Benchmarks.Page;

/// <summary>What whoever looks at a large cluster waits for: a real aggregator, agents that go on reporting, and Chromium without a GPU.</summary>
internal sealed class PageBenchmark(TimeSpan watched) : IBenchmark
{
    private const int Rounds = 7;
    private static readonly TimeSpan Moving = TimeSpan.FromSeconds(5);

    private readonly StringBuilder _steps = new();

    public string Name => "page";

    public string Run() => RunAsync().GetAwaiter().GetResult();

    private async Task<string> RunAsync()
    {
        await using var cluster = LiveCluster.Start();
        cluster.WaitUntilWhole();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await EndToEnd.Tests.Page.Chromium.LaunchAsync(playwright);
        _steps.AppendLine("| | median | worst | goal | load average |").AppendLine("| --- | --- | --- | --- | --- |");
        var (answers, held) = (new Samples(), new Samples());
        await MeasureAsync("first useful picture, nothing cached", "ms", "< 2,000", async () =>
        {
            await using var window = await Window.OpenAsync(browser, cluster.Http);
            answers.Add(await window.AnsweredAsync());
            held.Add(await window.HeldAsync());
            return await window.PictureAsync();
        });
        Append("of it until the answer has come", "ms", "", answers);
        Append("the page's own thread is held meanwhile, at a stretch", "ms", "", held);
        await using (var window = await Window.OpenAsync(browser, cluster.Http))
        {
            await MeasureAsync("frames while the default view is panned and zoomed", "frames/s", "≥ 20", () => window.FramesAsync(Moving), lowIsWorst: true);
            held = new Samples();
            await MeasureAsync("a namespace is opened: until its workloads are drawn", "ms", "< 300", async () =>
            {
                var passed = await window.ExpandAsync();
                held.Add(await window.HeldAsync());
                return passed;
            });
            Append("the page's own thread is held meanwhile, at a stretch", "ms", "", held);
            await MeasureAsync("search: from the last key to the names, 120 ms of waiting for a further one included", "ms", "< 300", window.SearchAsync);
            await MeasureAsync("search: from Enter until what is near is drawn", "ms", "< 300", window.FindAsync);
        }

        var heap = await HeapAsync(browser, cluster.Http);
        return $"{LiveCluster.Description} {Rounds} rounds each; moving takes {Moving.TotalSeconds} s a round.\n\n{_steps}\n{heap}";
    }

    private async Task MeasureAsync(string what, string unit, string goal, Func<Task<double>> step, bool lowIsWorst = false)
    {
        var samples = new Samples();
        for (var round = 0; round < Rounds; round++)
        {
            samples.Add(await step());
        }

        Append(what, unit, goal, samples, lowIsWorst);
    }

    private void Append(string what, string unit, string goal, Samples samples, bool lowIsWorst = false) => _steps.AppendLine(
        CultureInfo.InvariantCulture, $"| {what} | {samples.Median:N0} {unit} | {samples.Quantile(lowIsWorst ? 0 : 1):N0} {unit} | {goal} | {Load.Average} |");

    private async Task<string> HeapAsync(IBrowser browser, Uri address)
    {
        await using var window = await Window.OpenAsync(browser, address);
        var minutes = (int)watched.TotalMinutes;
        var table = new StringBuilder("| minutes open | heap after a collection | DOM nodes | listeners |\n| --- | --- | --- | --- |\n");
        for (var minute = 0; minute <= minutes; minute++)
        {
            var (bytes, nodes, listeners) = await window.MemoryAsync();
            table.AppendLine(CultureInfo.InvariantCulture, $"| {minute} | {bytes / 1e6:F1} MB | {nodes:N0} | {listeners:N0} |");
            if (minute < minutes)
            {
                await Task.Delay(TimeSpan.FromMinutes(1));
            }
        }

        return table.ToString();
    }
}
