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
    public PinnedTable Find()
    {
        ThrowUnlessSupported();
        try
        {
            var found = KernelFlowTable.Find(options.PinFolder);
            return found is null ? PinnedTable.None : new PinnedTable(found.TableId, found.CurrentLayout);
        }
        catch (LibbpfException refused)
        {
            throw Refused(refused);
        }
    }

    public IFlowTable Open(TableStart start)
    {
        try
        {
            if (KernelFlowTable.Find(options.PinFolder) is { CurrentLayout: false } && KernelFlowTable.OpenOtherLayout(options.PinFolder) is { } other)
            {
                return other;
            }

            return KernelFlowTable.Open(new FlowTableOptions
            {
                PinFolder = options.PinFolder,
                MaxFlows = (uint)options.MaxFlows,
                TableId = start.NewTableId,
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

    private void ThrowUnlessSupported()
    {
        if (!BpfFileSystem.Holds(options.PinFolder))
        {
            BpfFileSystem.TryMount(); // where it may not, the facts say so
        }

        if (KernelSupport.Missing(KernelFacts.Read(options.PinFolder), options.PinFolder) is var (cause, remedy))
        {
            throw new BadStartException(cause, remedy);
        }
    }

    private static BadStartException Refused(LibbpfException refused) =>
        new("The kernel refused the eBPF programs.", refused.Message, refused);
}
