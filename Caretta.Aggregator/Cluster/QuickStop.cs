using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Cluster;

/// <summary>
/// Ends the actor system before Akka.Hosting would, where there is nobody to take leave of: a member that is alone, is not up yet, or was
/// put out has no one to hand its shards to, and would only wait for answers that do not come.
/// </summary>
internal sealed class QuickStop(ActorSystem system, MemberFate fate) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        var cluster = AkkaCluster.Get(system);
        var others = cluster.State.Members.Any(member => member.Status == MemberStatus.Up && !member.UniqueAddress.Equals(cluster.SelfUniqueAddress));
        var takesLeave = fate.End is null && others && cluster.SelfMember.Status == MemberStatus.Up;
        return takesLeave ? Task.CompletedTask : CoordinatedShutdown.Get(system).Run(
            CoordinatedShutdown.ActorSystemTerminateReason.Instance, CoordinatedShutdown.PhaseActorSystemTerminate);
    }
}
