using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.KernelGuest;

/// <summary>A flow table with a pin folder of its own, removed with every trace at the end.</summary>
internal sealed class Table : IDisposable
{
    private readonly FlowTableOptions _options;

    public Table(ProbePath path, Func<FlowTableOptions, FlowTableOptions>? with = null)
    {
        var options = new FlowTableOptions { Path = path, PinFolder = $"/sys/fs/bpf/caretta-{Guid.NewGuid():N}", FreshBoot = true };
        _options = with?.Invoke(options) ?? options;
        Flows = KernelFlowTable.Open(_options);
    }

    public KernelFlowTable Flows { get; private set; }

    /// <summary>Lets go as an agent does that is killed.</summary>
    public void Kill() => Flows.Dispose();

    /// <summary>As its next start does.</summary>
    public void Reopen() => Flows = KernelFlowTable.Open(_options);

    /// <summary>One poll; of the flows of a server port, the totals by role. Ledgers keep the greatest number, and so do callers.</summary>
    public Ends Poll(int port)
    {
        Flows.Fold();
        return Read(port);
    }

    public Ends Read(int port)
    {
        var ends = new Ends();
        Flows.Read((in FlowRecord flow) =>
        {
            if (flow.Key.ServerPort == port)
            {
                ends.Add(flow);
            }
        });
        return ends;
    }

    public void Dispose()
    {
        Flows.Detach();
        Flows.Remove();
        Flows.Dispose();
    }
}

/// <summary>Both ends of the connections to one port.</summary>
internal sealed class Ends
{
    public LinkTotals Client { get; private set; }

    public LinkTotals Server { get; private set; }

    public List<FlowRecord> Flows { get; } = [];

    public void Add(in FlowRecord flow)
    {
        Flows.Add(flow);
        if (flow.Key.Role == Role.Client)
        {
            Client += flow.Totals;
        }
        else
        {
            Server += flow.Totals;
        }
    }
}
