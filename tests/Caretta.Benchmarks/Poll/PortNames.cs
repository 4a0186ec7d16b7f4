using System.Globalization;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;

namespace Caretta.Benchmarks.Poll;

/// <summary>A link for each server port and role, so that the number of links is the benchmark's choice.</summary>
internal sealed class PortNames : IHostNames
{
    private readonly Dictionary<(ushort Port, Role Role), NetworkLink> _links = [];

    public ulong Version => 1;

    public bool BeginPoll() => false;

    public void Observe(in FlowKey flow)
    {
    }

    public void EndObservation()
    {
    }

    public NetworkLink? NameOf(in FlowKey flow)
    {
        if (!_links.TryGetValue((flow.ServerPort, flow.Role), out var link))
        {
            var server = new Workload("bench", "process", flow.ServerPort.ToString(CultureInfo.InvariantCulture));
            link = new NetworkLink(new Workload("bench", "process", "client"), server, flow.ServerPort, flow.Role);
            _links.Add((flow.ServerPort, flow.Role), link);
        }

        return link;
    }
}
