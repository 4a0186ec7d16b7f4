using System.Globalization;

namespace Caretta.Node.Kernel;

/// <summary>
/// The processes through the pinned iterator, because /proc tells a process's network namespace only to those who may trace it. Cgroups it
/// tells to everybody. Where the agent does not share the host's PID namespace, only its own pod's processes show.
/// </summary>
/// <param name="pinFolder">Where a <see cref="KernelFlowTable"/> is open whenever <see cref="Read"/> is called.</param>
public sealed class KernelProcesses(string pinFolder) : IProcesses
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];

    public IReadOnlyList<ProcessRecord> Read()
    {
        if (PinnedTables.HasPlain(pinFolder))
        {
            return ProcessFolders.Read();
        }

        var iterator = PinnedTables.ProcessesIterator(pinFolder)
            ?? throw new LibbpfException($"find the programs in {pinFolder}", Libc.NoEntry);
        var processes = new List<ProcessRecord>();
        PinnedIterator.Run(iterator, _buffer, output => SizedRecords.Parse(output, processes));
        return processes;
    }

    public string? CgroupsOf(uint pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cgroup");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // before it was opened, or (ESRCH) between that and the read
        }
    }
}
