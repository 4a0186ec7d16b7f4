using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;

namespace Caretta.Tests.Node.Fakes;

/// <summary>Names a flow by its port and role. A port may be unknown for a while, and all names may change.</summary>
internal sealed class FakeNames : IHostNames
{
    private static readonly Workload Client = new("shop", "Deployment", "client");

    private readonly HashSet<int> _unknown = [];
    private int _generation;

    public ulong Version { get; private set; } = 1;

    /// <summary>For every flow, if not null.</summary>
    public NetworkLink? Fixed { get; set; }

    /// <summary>What was hidden is known once the flows of a poll were shown.</summary>
    public bool LearnsFromFlows { get; set; }

    public bool ShowAll { get; set; }

    public List<FlowKey> Observed { get; } = [];

    /// <summary>How often a poll's observations were said to be complete.</summary>
    public int Observations { get; private set; }

    public int Asked { get; private set; }

    /// <summary>The name of a port when it is known.</summary>
    public NetworkLink LinkOf(int port, Role role = Role.Client) =>
        new(Client, new Workload("shop", "Deployment", $"{port}.{_generation}"), (ushort)port, role);

    public void Hide(int port)
    {
        if (_unknown.Add(port))
        {
            Version++;
        }
    }

    public void Learn(int port)
    {
        if (_unknown.Remove(port))
        {
            Version++;
        }
    }

    public void LearnAll()
    {
        _unknown.Clear();
        Version++;
    }

    public void ChangeAll()
    {
        _generation++;
        Version++;
    }

    /// <summary>What is hidden waits in the ledger, not in the kernel's table.</summary>
    public bool HiddenWaits { get; set; }

    /// <summary>Ports that become no link's.</summary>
    public HashSet<int> LeftOut { get; } = [];

    /// <summary>For what times bytes were named.</summary>
    public List<long> Times { get; } = [];

    public Naming NameOf(in FlowKey flow, ulong changedNs)
    {
        Asked++;
        var ends = new LinkEnds(Guid.Empty, false, new Address(flow.LocalAddress), new Address(flow.RemoteAddress), flow.ServerPort, flow.Role);
        return HiddenWaits || !_unknown.Contains(flow.ServerPort) ? NameOf(ends, (long)changedNs) : Naming.InTable;
    }

    public Naming NameOf(in LinkEnds ends, long changedNs)
    {
        if (_unknown.Contains(ends.ServerPort))
        {
            return Naming.WaitFor(ends);
        }

        Times.Add(changedNs);
        return LeftOut.Contains(ends.ServerPort)
            ? Naming.LeaveOut(LeftOutReason.Port)
            : Naming.Of(Fixed ?? LinkOf(ends.ServerPort, ends.Role));
    }

    public NetworkLink Settle(in LinkEnds ends) => new(StandIns.Other, StandIns.Other, ends.ServerPort, ends.Role);

    public bool BeginPoll()
    {
        Observed.Clear();
        return ShowAll;
    }

    public void Observe(in FlowKey flow) => Observed.Add(flow);

    public void EndObservation()
    {
        Observations++;
        if (LearnsFromFlows)
        {
            LearnAll();
        }
    }
}
