using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>Whether the programs can run here, decided before they are loaded: the kernel's own refusals do not say what to do.</summary>
public static class KernelSupport
{
    private const int CapSysAdmin = 21;
    private const int CapPerfMon = 38;
    private const int CapBpf = 39;
    private const uint MinLibbpf = 1;

    /// <summary>The first with iterators over socket storage that programs may write through, and with all helpers used.</summary>
    private static readonly Version MinKernel = new(5, 12);

    /// <returns>The first thing that is in the way, and its remedy; null if nothing is.</returns>
    public static (string Cause, string Remedy)? Missing(KernelFacts facts, string pinFolder) => facts switch
    {
        _ when facts.Kernel < MinKernel => (
            $"Linux {facts.Kernel} is too old: the programs need {MinKernel} or later.",
            "Run the agent on a newer kernel."),
        { HasBtf: false } => (
            "The kernel has no type information (/sys/kernel/btf/vmlinux).",
            "Use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as the distributions' are; in a container, make the host's /sys visible."),
        { LibbpfMajor: null } => (
            "libbpf.so.1 is missing or cannot be loaded.",
            "Install libbpf 1.0 or later (Debian and Ubuntu: apt-get install libbpf1)."),
        { LibbpfMajor: < MinLibbpf } => (
            $"libbpf {facts.LibbpfMajor} is too old.",
            "Install libbpf 1.0 or later (Debian and Ubuntu: apt-get install libbpf1)."),
        _ when facts.Lockdown.Contains("[confidentiality]", StringComparison.Ordinal) => (
            "Kernel lockdown is in confidentiality mode, which forbids eBPF programs to read the kernel's memory.",
            "Boot with lockdown=integrity or without lockdown."),
        _ when Lacks(facts, CapBpf) || Lacks(facts, CapPerfMon) => (
            $"The agent lacks {(Lacks(facts, CapBpf) ? "CAP_BPF" : "CAP_PERFMON")}.",
            "Start it as root, or give it CAP_BPF and CAP_PERFMON (systemd: AmbientCapabilities=, Kubernetes: securityContext.capabilities.add). "
            + "In a container root has only what it was given."),
        { BpfRefusal: not 0 } => (
            $"The bpf system call is refused ({Marshal.GetPInvokeErrorMessage(facts.BpfRefusal)}) although the agent has CAP_BPF: by a seccomp profile or a security module.",
            "Use a container runtime whose default profile lets CAP_BPF through (containerd 1.7, Docker 23 or later), or give the agent a seccomp profile "
            + "that allows bpf (Kubernetes: securityContext.seccompProfile, SELinux: securityContext.seLinuxOptions)."),
        { IsBpfFileSystem: false } => (
            $"The pin folder {pinFolder} is not in a bpffs, and the agent may not mount one.",
            $"Mount it (mount -t bpf bpf {BpfFileSystem.MountPoint}; in a container the host's, Kubernetes: a hostPath volume), or set Caretta:Node:PinFolder "
            + "to a folder in one."),
        _ => null,
    };

    private static bool Lacks(KernelFacts facts, int capability) =>
        (facts.Capabilities & ((1UL << capability) | (1UL << CapSysAdmin))) == 0;
}
