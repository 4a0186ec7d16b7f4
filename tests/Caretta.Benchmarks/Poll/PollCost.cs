namespace Caretta.Benchmarks.Poll;

/// <summary>CPU milliseconds of this process, and bytes allocated by this thread.</summary>
internal sealed class PollCost
{
    public Samples Milliseconds { get; } = new();

    public Samples AllocatedBytes { get; } = new();

    public void Measure(Action poll)
    {
        var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
        poll();
        AllocatedBytes.Add(GC.GetAllocatedBytesForCurrentThread() - allocated);
        Milliseconds.Add((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }
}
