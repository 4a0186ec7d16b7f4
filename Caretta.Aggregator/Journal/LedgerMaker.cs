using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Journal;

/// <summary>Makes what answers for a shard: its ledger, or what rests in its place.</summary>
internal sealed class LedgerMaker(
    LedgerSettings settings, RecoveredShards recovered, RecoveryPauses pauses, LinkGauges gauges, AggregatorMetrics metrics, TimeProvider time)
{
    /// <summary>Each time one is to be started.</summary>
    public Props Make(int shard) => pauses.Left(shard) is { } rest
        ? Made(() => new RestingLedgerActor(shard, rest, pauses, recovered, gauges))
        : Made(() => new ShardLedgerActor(shard, settings, recovered, pauses, gauges, metrics, time));

    private static Props Made<TActor>(Func<TActor> make)
        where TActor : ActorBase => Props.CreateBy(new ActorMaker<TActor>(make));
}
