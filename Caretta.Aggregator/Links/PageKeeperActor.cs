using Akka.Actor;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Links;

/// <summary>
/// One per shard, beside its ledger: as long as it is there, and no longer, the shard's links are on the page. A ledger that the journal failed is gone
/// until it is woken, and there may be no link's actor yet; without it a shard could move away meanwhile and nobody here would hear of it.
/// </summary>
internal sealed class PageKeeperActor(int shard, RecoveredShards recovered, LinkGauges gauges) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenPage: Open(); break;
            case LeaveShard: gauges.Leave(shard); Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }

    // Whoever stopped it: nobody would be told now that the shard moves.
    protected override void PostStop() => gauges.Close(shard);

    private void Open()
    {
        recovered.Add(shard);
        Sender.Tell(new PageOpened());
    }
}
