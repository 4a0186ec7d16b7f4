using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>Which programs can run here, decided before they are loaded: the kernel's own refusals do not say what to do.</summary>
public static class KernelSupport
{
    private const int CapSysAdmin = 21;
    private const int CapSysResource = 24;
    private const int CapPerfMon = 38;
    private const int CapBpf = 39;
    private const uint MinLibbpf = 1;
    private const string NewerKernel = "Run the agent on a newer kernel.";
    private const string NoTypes = "The kernel has no type information (/sys/kernel/btf/vmlinux).";
    private const string UseTypes = "Use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as the distributions' are; in a container, make the host's /sys visible.";

    /// <summary>What every path needs, the first thing first.</summary>
    public static IReadOnlyList<Requirement> Common(KernelFacts facts, string pinFolder) =>
    [
        new(
            "libbpf 1.0 or later",
            facts.LibbpfMajor >= MinLibbpf,
            facts.LibbpfMajor is { } old ? $"libbpf {old} is too old." : "libbpf.so.1 is missing or cannot be loaded.",
            "Install libbpf 1.0 or later (Debian and Ubuntu: apt-get install libbpf1)."),
        new(
            "lockdown",
            !facts.Lockdown.Contains("[confidentiality]", StringComparison.Ordinal),
            "Kernel lockdown is in confidentiality mode, which forbids eBPF programs to read the kernel's memory.",
            "Boot with lockdown=integrity or without lockdown."),
        Capability(facts, CapBpf, "CAP_BPF"),
        Capability(facts, CapPerfMon, "CAP_PERFMON"),
        new(
            "the bpf system call",
            facts.BpfRefusal == 0,
            $"The bpf system call is refused ({Marshal.GetPInvokeErrorMessage(facts.BpfRefusal)}) although the agent has CAP_BPF: by a seccomp profile or a security module.",
            "Use a container runtime whose default profile lets CAP_BPF through (containerd 1.6.9 or 1.7, Docker 23, or later), or give the agent a seccomp profile "
            + "that allows bpf (Kubernetes: securityContext.seccompProfile, SELinux: securityContext.seLinuxOptions)."),
        new(
            "memory for tables",
            facts.Features.MemoryByCgroup || (facts.Capabilities & (1UL << CapSysResource)) != 0,
            "This kernel counts tables as locked memory, and the agent lacks CAP_SYS_RESOURCE to have enough of it.",
            "Start it as root, or give it CAP_SYS_RESOURCE too."),
        new(
            "bpffs",
            facts.IsBpfFileSystem,
            $"The pin folder {pinFolder} is not in a bpffs, and the agent may not mount one.",
            $"Mount it (mount -t bpf bpf {BpfFileSystem.MountPoint}; in a container the host's, Kubernetes: a hostPath volume), or set Caretta:Node:PinFolder "
            + "to a folder in one."),
        new(
            "pins",
            facts.MayPin || !facts.IsBpfFileSystem,
            $"The agent may not write to the pin folder {pinFolder}: it is not root, or a security module refuses it.",
            $"The AppArmor profile that container runtimes give by default lets nobody write below {BpfFileSystem.MountPoint}: mount the host's elsewhere in the container "
            + "(Kubernetes: a hostPath volume at /bpf, and Caretta:Node:PinFolder in it). Under SELinux give the container a type that may (securityContext.seLinuxOptions)."),
    ];

    /// <summary>What a path needs beside, the first thing first.</summary>
    public static IReadOnlyList<Requirement> Of(ProbePath path, KernelFacts facts) => path switch
    {
        ProbePath.Tracing =>
        [
            OwnTypes(facts),
            Feature("iterators over sockets' storage", facts.Features.SocketIterator),
            Feature("compare-and-swap in programs", facts.Features.CompareAndSwap),
        ],
        ProbePath.Kprobe => [OwnTypes(facts), Feature("iterators over tables", facts.Features.TableIterator), .. Probed(facts.Features)],
        _ =>
        [
            new("kernel types (BTF), its own or in a file", facts.HasBtf || facts.HasBtfFile, NoTypes, $"Set Caretta:Node:BtfFile to a file with this kernel's types, or: {UseTypes}"),
            .. Probed(facts.Features),
        ],
    };

    /// <summary>The path that is taken, whether or not this kernel has all for it: <see cref="Missing"/> says.</summary>
    public static ProbePath PathFor(KernelFacts facts, ProbeChoice choice) => choice switch
    {
        ProbeChoice.Tracing => ProbePath.Tracing,
        ProbeChoice.Kprobe => ProbePath.Kprobe,
        ProbeChoice.Plain => ProbePath.Plain,
        _ => Enum.GetValues<ProbePath>().Cast<ProbePath?>().FirstOrDefault(path => Lacking(path!.Value, facts).Count == 0) ?? ProbePath.Tracing,
    };

    /// <returns>The first thing that is in the way, and its remedy; null if nothing is.</returns>
    public static (string Cause, string Remedy)? Missing(KernelFacts facts, string pinFolder, ProbeChoice choice = ProbeChoice.Auto)
    {
        if (Common(facts, pinFolder).FirstOrDefault(one => !one.Met) is { } common)
        {
            return (common.Cause, common.Remedy);
        }

        if (Lacking(PathFor(facts, choice), facts) is not [var missing, ..])
        {
            return null;
        }

        if (choice != ProbeChoice.Auto)
        {
            return ($"Caretta:Node:ProbePath is {choice}. {missing.Cause}", $"{missing.Remedy} Or set it to Auto.");
        }

        return facts.HasBtf || facts.HasBtfFile
            ? ($"Linux {facts.Kernel} can run none of the agent's programs: {string.Join("; ", Enum.GetValues<ProbePath>().Select(path => Lacks(path, facts)))}.", NewerKernel)
            : (missing.Cause, Of(ProbePath.Plain, facts)[0].Remedy);
    }

    private static List<Requirement> Lacking(ProbePath path, KernelFacts facts) => [.. Of(path, facts).Where(one => !one.Met)];

    private static string Lacks(ProbePath path, KernelFacts facts) => $"{path} lacks {string.Join(" and ", Lacking(path, facts).Select(one => one.What))}";

    private static Requirement OwnTypes(KernelFacts facts) => new("kernel types (BTF)", facts.HasBtf, NoTypes, UseTypes);

    private static Requirement[] Probed(KernelFeatures features) =>
    [
        new("kprobes", features.Kprobes, "The kernel has no kprobes.", "Use a kernel built with CONFIG_KPROBES=y and CONFIG_KPROBE_EVENTS=y, as the distributions' are."),
        Feature("the function tcp_data_queue", features.DataFunction),
    ];

    private static Requirement Feature(string what, bool met) => new(what, met, $"The kernel lacks {what}.", NewerKernel);

    /// <summary>Before 5.8 there is only CAP_SYS_ADMIN, which holds both.</summary>
    private static Requirement Capability(KernelFacts facts, int capability, string name) => new(
        name,
        (facts.Capabilities & ((1UL << capability) | (1UL << CapSysAdmin))) != 0,
        $"The agent lacks {name}.",
        "Start it as root, or give it CAP_BPF and CAP_PERFMON (systemd: AmbientCapabilities=, Kubernetes: securityContext.capabilities.add). "
        + "In a container root has only what it was given.");
}
