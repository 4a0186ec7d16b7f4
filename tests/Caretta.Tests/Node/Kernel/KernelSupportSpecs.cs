using Caretta.Node.Kernel;

namespace Caretta.Tests.Node.Kernel;

public class KernelSupportSpecs
{
    private const ulong Bpf = 1UL << 39;
    private const ulong PerfMon = 1UL << 38;
    private const ulong SysAdmin = 1UL << 21;

    private static readonly KernelFacts Fine = new(new Version(6, 1), HasBtf: true, LibbpfMajor: 1, Bpf | PerfMon, BpfRefusal: 0, Lockdown: "", IsBpfFileSystem: true);

    public static TheoryData<KernelFacts, string, string> Bad() => new()
    {
        { Fine with { Kernel = new Version(5, 11, 22) }, "5.11.22", "newer kernel" },
        { Fine with { HasBtf = false }, "/sys/kernel/btf/vmlinux", "CONFIG_DEBUG_INFO_BTF" },
        { Fine with { LibbpfMajor = null }, "libbpf.so.1", "libbpf1" },
        { Fine with { LibbpfMajor = 0 }, "libbpf 0", "libbpf1" },
        { Fine with { Lockdown = "none integrity [confidentiality]" }, "lockdown", "integrity" },
        { Fine with { Capabilities = PerfMon }, "CAP_BPF", "AmbientCapabilities" },
        { Fine with { Capabilities = Bpf }, "CAP_PERFMON", "AmbientCapabilities" },
        { Fine with { Capabilities = 0 }, "CAP_BPF", "In a container root has only what it was given" },
        { Fine with { BpfRefusal = 1 }, "seccomp", "seccompProfile" },
        { Fine with { BpfRefusal = 38 }, "Function not implemented", "containerd 1.7" },
        { Fine with { IsBpfFileSystem = false }, "/pins", "mount -t bpf" },
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
        Assert.Null(KernelSupport.Missing(Fine with { Kernel = new Version(5, 12), Lockdown = "none [integrity] confidentiality" }, "/pins"));
    }
}
