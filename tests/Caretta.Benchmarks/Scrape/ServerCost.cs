using System.Globalization;

namespace Caretta.Benchmarks.Scrape;

/// <summary>What a process has used so far.</summary>
internal sealed record ServerCost(double CpuMilliseconds, double AllocatedBytes, long ResidentKilobytes)
{
    public static ServerCost Present() =>
        new(Environment.CpuUsage.TotalTime.TotalMilliseconds, GC.GetTotalAllocatedBytes(precise: true), Environment.WorkingSet / 1024);

    public static ServerCost Parse(string text)
    {
        var numbers = Array.ConvertAll(text.Split(' '), number => double.Parse(number, CultureInfo.InvariantCulture));
        return new ServerCost(numbers[0], numbers[1], (long)numbers[2]);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{CpuMilliseconds} {AllocatedBytes} {ResidentKilobytes}");
}
