using Caretta.Node.Kernel;
using Caretta.Node.Ledger;

namespace Caretta.Node.Probe;

/// <summary>The tables of this host's kernel.</summary>
/// <param name="byProcess">
/// Tell flows apart by process: without an orchestrator to name them by, and where sockets do not show cgroups
/// (<see cref="CgroupHierarchies.SocketsShowCgroups()"/>).
/// </param>
public sealed class KernelFlowTables(NodeOptions options, bool byProcess = true) : IFlowTableFactory
{
    private ProbePath? _path;

    /// <summary>The path taken; null until <see cref="Find"/> has looked.</summary>
    public ProbePath? Path => _path;

    public PinnedTable Find()
    {
        _path ??= SupportedPath();
        try
        {
            var found = KernelFlowTable.Find(options.PinFolder, _path.Value);
            return found is null ? PinnedTable.None : new PinnedTable(found.TableId, found.CurrentLayout);
        }
        catch (LibbpfException refused)
        {
            throw Refused(refused);
        }
    }

    public IFlowTable Open(TableStart start)
    {
        var path = _path ??= SupportedPath();
        try
        {
            if (KernelFlowTable.Find(options.PinFolder, path) is { CurrentLayout: false } && KernelFlowTable.OpenOtherLayout(options.PinFolder, path) is { } other)
            {
                return other;
            }

            return KernelFlowTable.Open(new FlowTableOptions
            {
                PinFolder = options.PinFolder,
                Path = path,
                BtfFile = options.BtfFile,
                MaxSockets = (uint)options.MaxSockets,
                MaxFlows = (uint)options.MaxFlows,
                TableId = start.TableId,
                FreshBoot = start.FreshBoot,
                Carried = start.Carried,
                ByProcess = byProcess,
            });
        }
        catch (PinFolderInUseException held)
        {
            throw new BadStartException(held.Message, "", held);
        }
        catch (LibbpfException refused)
        {
            throw Refused(refused);
        }
    }

    /// <summary>Once: a kernel does not change, and asking it takes some tens of milliseconds.</summary>
    private ProbePath SupportedPath()
    {
        if (!BpfFileSystem.Holds(options.PinFolder))
        {
            BpfFileSystem.TryMount(); // where it may not, the facts say so
        }

        var facts = KernelFacts.Read(options.PinFolder, options.BtfFile);
        return KernelSupport.Missing(facts, options.PinFolder, options.ProbePath) is var (cause, remedy)
            ? throw new BadStartException(cause, remedy)
            : KernelSupport.PathFor(facts, options.ProbePath);
    }

    private static BadStartException Refused(LibbpfException refused) =>
        new("The kernel refused the eBPF programs.", refused.Message, refused);
}
