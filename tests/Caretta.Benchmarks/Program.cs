using System.Diagnostics;
using System.Globalization;
using Caretta.Benchmarks;
using Caretta.Benchmarks.Cluster;
using Caretta.Benchmarks.Directory;
using Caretta.Benchmarks.Kernel;
using Caretta.Benchmarks.Kernels;
using Caretta.Benchmarks.Map;
using Caretta.Benchmarks.Memory;
using Caretta.Benchmarks.Page;
using Caretta.Benchmarks.Poll;
using Caretta.Benchmarks.Scrape;

if (args is ["serve", var kind, var series])
{
    await ScrapeServer.RunAsync(kind, int.Parse(series, CultureInfo.InvariantCulture));
    return 0;
}

var minutes = args.Where(arg => int.TryParse(arg, out _)).Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).FirstOrDefault(10);
args = [.. args.Where(arg => !int.TryParse(arg, out _))];
IBenchmark[] all =
[
    new KernelBenchmark(), new KernelsBenchmark(), new ScrapeBenchmark(), new PollBenchmark(), new MemoryBenchmark(), new DirectoryBenchmark(), new MapBenchmark(),
    new PageBenchmark(TimeSpan.FromMinutes(minutes)), new ClusterBenchmark(TimeSpan.FromMinutes(minutes)),
];
var chosen = all.Where(benchmark => args.Length == 0 ? benchmark is not KernelsBenchmark : args.Contains(benchmark.Name)).ToList();
if (chosen.Count < Math.Max(1, args.Length))
{
    Console.Error.WriteLine($"Benchmarks are: {string.Join(", ", all.Select(benchmark => benchmark.Name))}.");
    return 2;
}

foreach (var benchmark in chosen)
{
    Console.WriteLine($"{benchmark.Name} ...");
    var began = Stopwatch.GetTimestamp();
    var tables = benchmark.Run();
    Console.WriteLine(tables);
    Console.WriteLine($"{benchmark.Name}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
    PerformancePage.Replace(benchmark.Name, $"{Machine.Describe(benchmark.Name)}\n\n{tables.Trim()}");
}

return 0;
