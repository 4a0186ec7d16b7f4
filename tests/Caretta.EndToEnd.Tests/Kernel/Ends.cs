using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>The totals of one server port's flows, by role.</summary>
internal sealed record Ends
{
    public LinkTotals Client { get; private set; }

    public LinkTotals Server { get; private set; }

    public void Add(in FlowRecord flow)
    {
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
