namespace Caretta.Node.Kernel;

/// <summary>How the flow table is made when there is none to go on with.</summary>
public sealed record FlowTableOptions
{
    public string PinFolder { get; init; } = "/sys/fs/bpf/caretta";

    public ProbePath Path { get; init; }

    /// <summary>The tables have it from here on, made anew or found.</summary>
    public Guid TableId { get; init; } = Guid.NewGuid();

    /// <summary>Flows the table holds before counts go to the overflow table.</summary>
    public uint MaxFlows { get; init; } = 65536;

    /// <summary>Keys of the overflow table, per port and role; beyond them bytes are lost and counted.</summary>
    public uint MaxOverflowFlows { get; init; } = 1024;

    /// <summary>Of <see cref="ProbePath.Kprobe"/>: sockets it has accounts of; connections beyond are counted when they close, in the coarse flow.</summary>
    public uint MaxSockets { get; init; } = 65536;

    /// <summary>Tell flows apart by process.</summary>
    public bool ByProcess { get; init; }

    /// <summary>Nothing was ever counted in this boot: sockets older than the programs count from zero.</summary>
    public bool FreshBoot { get; init; }

    /// <summary>What an earlier generation had counted of sockets that may still live.</summary>
    public IReadOnlyList<SocketAccount> Carried { get; init; } = [];

    /// <summary>For testing upgrades; see LAYOUT_FLOOR in bpf/Makefile.</summary>
    internal int? Layout { get; init; }

    internal ProgramSet Programs => ProgramSet.Of(Path);

    /// <summary>The kernel's types, where it does not tell them itself.</summary>
    public string BtfFile { get; init; } = "";

    /// <summary>Another compiled object than the one built in.</summary>
    public string? ObjectFile { get; init; }
}
