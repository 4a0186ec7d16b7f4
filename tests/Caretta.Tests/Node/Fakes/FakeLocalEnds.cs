using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;

namespace Caretta.Tests.Node.Fakes;

/// <summary>A host on which a cgroup id is a pod's uid and network namespace 1 the host's own.</summary>
internal sealed class FakeLocalEnds : ILocalEnds
{
    public static Guid PodOf(ulong cgroup) => new(1, 2, 3, BitConverter.GetBytes(cgroup));

    public long Crowded => 0;

    public void BeginPoll()
    {
    }

    public LinkEnds EndsOf(in FlowKey flow) => new(
        flow.CgroupId == 0 ? Guid.Empty : PodOf(flow.CgroupId),
        flow.CgroupId == 0 && flow.Netns == 1,
        new Address(flow.LocalAddress),
        new Address(flow.RemoteAddress),
        flow.ServerPort,
        flow.Role);
}
