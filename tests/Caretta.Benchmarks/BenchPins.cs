using Caretta.Node.Kernel;

namespace Caretta.Benchmarks;

/// <summary>Where the benchmarks pin, apart from an agent of this host.</summary>
internal static class BenchPins
{
    public const string Folder = "/sys/fs/bpf/caretta-bench";

    /// <summary>Stops what counts there, a run's that was cut short or a killed agent's, and removes it.</summary>
    public static void Clear()
    {
        if (KernelFlowTable.Find(Folder) is not null)
        {
            using var table = KernelFlowTable.Open(new FlowTableOptions { PinFolder = Folder });
            table.Detach();
            table.Remove();
        }

        if (System.IO.Directory.Exists(Folder))
        {
            System.IO.Directory.Delete(Folder);
        }
    }
}
