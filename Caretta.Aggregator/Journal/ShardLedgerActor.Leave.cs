namespace Caretta.Aggregator.Journal;

// How a ledger ends when its shard moves to another member, or this member leaves.
internal sealed partial class ShardLedgerActor
{
    private bool _leaving;

    /// <summary>
    /// The links stop at the same time, so nothing of the shard is shown any more. The commit in flight ends first: whoever has the shard next
    /// reads it. What has not begun to be written is not acknowledged, and comes again to the next owner.
    /// </summary>
    private void Leave()
    {
        _recovered.Leave(_shard);
        _gauges.Leave(_shard);
        _leaving = true;
        if (!_committing)
        {
            Context.Stop(Self);
        }
    }
}
