namespace Caretta.Node.Kernel;

/// <summary>The processes of the host: the kernel's, or a fake.</summary>
public interface IProcesses
{
    /// <summary>Every process of this one's PID namespace that has not ended. One whose first thread has ended may come more than once.</summary>
    /// <exception cref="LibbpfException">The kernel refused; the message names the call and errno.</exception>
    IReadOnlyList<ProcessRecord> Read();

    /// <summary>What /proc/PID/cgroup says; null if the process has ended.</summary>
    string? CgroupsOf(uint pid);
}
