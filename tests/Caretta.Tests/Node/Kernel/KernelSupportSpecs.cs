using Caretta.Node.Kernel;

namespace Caretta.Tests.Node.Kernel;

public class KernelSupportSpecs
{
    private const ulong Bpf = 1UL << 39;
    private const ulong PerfMon = 1UL << 38;
    private const ulong SysAdmin = 1UL << 21;

    private static readonly KernelFeatures All = new(SocketIterator: true, CompareAndSwap: true, TableIterator: true, Kprobes: true, DataFunction: true, MemoryByCgroup: true);

    private static readonly KernelFeatures Nothing = KernelFeatures.None with { MemoryByCgroup = true };

    private static readonly KernelFacts Fine = new(
        new Version(6, 1), All, HasBtf: true, HasBtfFile: false, LibbpfMajor: 1, Bpf | PerfMon, BpfRefusal: 0, Lockdown: "", IsBpfFileSystem: true, MayPin: true);

    public static TheoryData<KernelFacts, string, string> Bad() => new()
    {
        { Fine with { Features = All with { MemoryByCgroup = false } }, "locked memory", "CAP_SYS_RESOURCE" },
        { Fine with { Features = Nothing }, "compare-and-swap", "newer kernel" },
        { Fine with { Features = All with { CompareAndSwap = false, Kprobes = false } }, "Kprobe lacks kprobes", "newer kernel" },
        { Fine with { HasBtf = false }, "/sys/kernel/btf/vmlinux", "CONFIG_DEBUG_INFO_BTF" },
        { Fine with { HasBtf = false }, "/sys/kernel/btf/vmlinux", "BtfFile" },
        { Fine with { HasBtf = false, HasBtfFile = true, Features = Nothing }, "Plain lacks kprobes", "newer kernel" },
        { Fine with { LibbpfMajor = null }, "libbpf.so.1", "libbpf1" },
        { Fine with { LibbpfMajor = 0 }, "libbpf 0", "libbpf1" },
        { Fine with { Lockdown = "none integrity [confidentiality]" }, "lockdown", "integrity" },
        { Fine with { Capabilities = PerfMon }, "CAP_BPF", "AmbientCapabilities" },
        { Fine with { Capabilities = Bpf }, "CAP_PERFMON", "AmbientCapabilities" },
        { Fine with { Capabilities = 0 }, "CAP_BPF", "In a container root has only what it was given" },
        { Fine with { BpfRefusal = 1 }, "seccomp", "seccompProfile" },
        { Fine with { BpfRefusal = 38 }, "Function not implemented", "containerd 1.6.9" },
        { Fine with { IsBpfFileSystem = false, MayPin = false }, "not in a bpffs", "mount -t bpf" },
        { Fine with { MayPin = false }, "security module refuses", "AppArmor" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_in_the_way_is_named_with_its_remedy(KernelFacts facts, string cause, string remedy)
    {
        var missing = KernelSupport.Missing(facts, "/pins");

        Assert.NotNull(missing);
        Assert.Contains(cause, missing.Value.Cause, StringComparison.Ordinal);
        Assert.Contains(remedy, missing.Value.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_in_the_way_of_the_two_capabilities_alone_nor_of_root()
    {
        Assert.Null(KernelSupport.Missing(Fine, "/pins"));
        Assert.Null(KernelSupport.Missing(Fine with { Capabilities = SysAdmin }, "/pins"));
        Assert.Null(KernelSupport.Missing(Fine with { Kernel = new Version(4, 18), Lockdown = "none [integrity] confidentiality" }, "/pins"));
    }

    [Fact]
    public void Sockets_own_storage_is_preferred_and_kprobes_do_where_it_is_lacking()
    {
        Assert.Equal(ProbePath.Tracing, Chosen(All));
        Assert.Equal(ProbePath.Tracing, Chosen(All with { Kprobes = false }));
        Assert.Equal(ProbePath.Kprobe, Chosen(All with { CompareAndSwap = false }));
        Assert.Equal(ProbePath.Kprobe, Chosen(All with { SocketIterator = false }));
        Assert.Equal(ProbePath.Plain, Chosen(All with { SocketIterator = false, TableIterator = false }));
        Assert.Equal(ProbePath.Plain, KernelSupport.PathFor(Fine with { HasBtf = false, HasBtfFile = true }, ProbeChoice.Auto));
        Assert.Null(KernelSupport.Missing(Fine with { Features = All with { CompareAndSwap = false } }, "/pins"));
    }

    private static ProbePath Chosen(KernelFeatures features) => KernelSupport.PathFor(Fine with { Features = features }, ProbeChoice.Auto);

    [Fact]
    public void A_path_that_is_asked_for_is_taken_or_refused_and_never_replaced_by_the_other()
    {
        Assert.Equal(ProbePath.Kprobe, KernelSupport.PathFor(Fine, ProbeChoice.Kprobe));
        var missing = KernelSupport.Missing(Fine with { Features = All with { Kprobes = false } }, "/pins", ProbeChoice.Kprobe);
        Assert.Contains("ProbePath is Kprobe", missing!.Value.Cause, StringComparison.Ordinal);
        Assert.Contains("CONFIG_KPROBES", missing.Value.Remedy, StringComparison.Ordinal);
        Assert.NotNull(KernelSupport.Missing(Fine with { Features = All with { CompareAndSwap = false } }, "/pins", ProbeChoice.Tracing));
    }

    [Fact]
    public void The_doctor_lists_what_is_there_and_what_is_missing_and_names_the_path()
    {
        var fit = KernelReport.Of(Fine with { Features = All with { CompareAndSwap = false } }, "/pins", ProbeChoice.Auto, socketsShowCgroups: false);
        Assert.Contains("yes  kprobes", fit, StringComparison.Ordinal);
        Assert.Contains("no   compare-and-swap", fit, StringComparison.Ordinal);
        Assert.Contains("told apart by process", fit, StringComparison.Ordinal);
        Assert.EndsWith("path Kprobe (chosen by what the kernel offers).", fit, StringComparison.Ordinal);

        var unfit = KernelReport.Of(Fine with { IsBpfFileSystem = false }, "/pins", ProbeChoice.Auto, socketsShowCgroups: true);
        Assert.Contains("cannot run here", unfit, StringComparison.Ordinal);
        Assert.Contains("mount -t bpf", unfit, StringComparison.Ordinal);
    }

    /// <summary>AppArmor's profile for containers refuses it; a file that is there and cannot be read stands for that.</summary>
    [Fact]
    public void A_lockdown_that_may_not_be_read_is_taken_for_none() => Assert.Equal("", KernelFacts.Lockdowns("/proc/self/mem"));
}
