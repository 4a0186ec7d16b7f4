using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>
/// What this kernel offers to programs: asked of the kernel, because distributions carry features back to versions that never had them. What could
/// not be asked (<see cref="None"/>) counts as missing.
/// </summary>
/// <param name="SocketIterator">Iterators over storage in sockets.</param>
/// <param name="CompareAndSwap">Programs may compare and swap.</param>
/// <param name="TableIterator">Iterators over tables.</param>
/// <param name="Kprobes">Kernel functions can be probed.</param>
/// <param name="DataFunction">There is a function <c>tcp_data_queue</c> to probe.</param>
/// <param name="MemoryByCgroup">Tables count as the cgroup's memory. Before, they count as locked memory, of which processes may have little.</param>
public sealed record KernelFeatures(
    bool SocketIterator, bool CompareAndSwap, bool TableIterator, bool Kprobes, bool DataFunction, bool MemoryByCgroup)
{
    private const string KprobeDevice = "/sys/bus/event_source/devices/kprobe";
    private const string Symbols = "/proc/kallsyms";
    private const string ProbedFunction = " tcp_data_queue";
    private const int SocketFilter = 1; // BPF_PROG_TYPE_SOCKET_FILTER
    private const int Struct = 4; // BTF_KIND_STRUCT

    /// <summary>*(u64 *)(r10 - 8) = 0; r1 = 1; r0 = 0; cmpxchg(r10 - 8, r0, r1); exit.</summary>
    private static readonly ulong[] Swap = [0x00000000_fff8_0a7a, 0x00000001_0000_01b7, 0x00000000_0000_00b7, 0x000000f1_fff8_1adb, 0x00000000_0000_0095];

    /// <summary>call bpf_ktime_get_coarse_ns; exit. It came with the accounting by cgroup, 5.11, and is how libbpf tells, too.</summary>
    private static readonly ulong[] CoarseClock = [0x000000a0_0000_0085, 0x00000000_0000_0095];

    public static readonly KernelFeatures None = new(false, false, false, false, false, false);

    public static KernelFeatures Probe()
    {
        using var silence = new LibbpfLog(); // a refusal is an answer here
        var types = Libbpf.LoadKernelTypes();
        try
        {
            return new KernelFeatures(
                Knows(types, "bpf_iter__bpf_sk_storage_map"),
                Loads(Swap),
                Knows(types, "bpf_iter__bpf_map_elem"),
                Directory.Exists(KprobeDevice),
                HasDataFunction(),
                Loads(CoarseClock));
        }
        finally
        {
            Libbpf.FreeTypes(types);
        }
    }

    private static bool Knows(nint types, string name) => types != 0 && Libbpf.FindType(types, name, Struct) > 0;

    private static bool Loads(ulong[] program)
    {
        var fd = Libbpf.LoadProgram(SocketFilter, "can_load", "GPL", MemoryMarshal.AsBytes<ulong>(program), (nuint)program.Length, 0);
        if (fd < 0)
        {
            return false;
        }

        new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, ownsHandle: true).Dispose();
        return true;
    }

    /// <summary>With its module's name behind it a symbol is of a module; the kernel's own have none.</summary>
    private static bool HasDataFunction() =>
        File.Exists(Symbols) && File.ReadLines(Symbols).Any(line => line.EndsWith(ProbedFunction, StringComparison.Ordinal));
}
