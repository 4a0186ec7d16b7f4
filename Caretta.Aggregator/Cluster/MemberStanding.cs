using Akka.Actor;
using Akka.Cluster;
using Caretta.Aggregator.Shards;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Cluster;

/// <summary>How this member stands in the cluster, for /readyz.</summary>
internal sealed class MemberStanding(ActorSystem system, OwnershipLease lease, AwakeShards awake, IHostApplicationLifetime life)
{
    private volatile bool _served;

    public Standing Look()
    {
        var cluster = AkkaCluster.Get(system);
        var state = cluster.State;
        var isUp = cluster.SelfMember.Status == MemberStatus.Up && !life.ApplicationStopping.IsCancellationRequested;

        // The first member is not ready before every shard is back somewhere. Whoever has served once stays ready when it becomes the oldest.
        _served |= isUp && (awake.All || state.Members.Any(member => member.Status == MemberStatus.Up && member.IsOlderThan(cluster.SelfMember)));
        return new Standing(
            isUp && _served,
            isUp ? "Up" : $"{cluster.SelfMember.Status}",
            [.. state.Members.Select(member => $"{MemberAddress.Of(member.Address)}")],
            [.. state.Unreachable.Select(member => $"{MemberAddress.Of(member.Address)}")],
            lease.Held);
    }
}
