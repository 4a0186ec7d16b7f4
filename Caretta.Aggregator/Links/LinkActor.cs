using Akka.Actor;
using Akka.Cluster.Sharding;
using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>
/// One per <see cref="NetworkLink"/> that is reported, beside its shard's ledger, which persists for it and starts it with the first report.
/// It decides on what the journal holds and shows nothing else: what is exported survives a crash.
/// </summary>
internal sealed class LinkActor : UntypedActor
{
    private readonly ulong _linkId;
    private readonly int _shard;
    private readonly LinkGauges _gauges;
    private readonly AggregatorMetrics _metrics;
    private readonly LevelsBySource _levels = new();
    private List<(object Message, IActorRef Sender)>? _early;
    private LinkState? _state;
    private LinkSeries? _series;
    private bool _asked;

    public LinkActor(ulong linkId, int shardCount, LinkGauges gauges, AggregatorMetrics metrics)
    {
        (_linkId, _shard) = (linkId, LinkSharding.ShardOf(linkId, shardCount));
        (_gauges, _metrics) = (gauges, metrics);
    }

    /// <summary>A link that failed has lost its state; the ledger has it.</summary>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        AskForTotals();
    }

    protected override void OnReceive(object message)
    {
        if (message is LeaveShard)
        {
            _gauges.Leave(_shard);
            Context.Stop(Self);
        }
        else if (message is RestoreLink restore)
        {
            Restore(restore);
            ServeEarly();
        }
        else if (message is ExpireLink)
        {
            Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        }
        else if (_state is null)
        {
            AskForTotals();
            (_early ??= []).Add((message, Sender)); // few: only the ledger speaks to it, and waits until it has its totals
        }
        else
        {
            Serve(message, _state);
        }
    }

    private void ServeEarly()
    {
        var early = _early ?? [];
        _early = null;
        foreach (var (message, sender) in early)
        {
            Self.Tell(message, sender);
        }
    }

    private void Serve(object message, LinkState state)
    {
        switch (message)
        {
            case DecideReport decide: Decide(decide, state); break;
            case TotalsJournalled journalled: state.Apply(journalled.By, journalled.Totals, journalled.AtMs); Show(); break;
            case DropLevels drop: _metrics.LevelsDropped.Inc(_levels.Drop(drop.Source)); Show(); break;
            case AskWhetherIdle when _levels.Sum.IsEmpty: Sender.Tell(new LinkIsIdle(_linkId)); break;
            case AskWhetherIdle: break;
            case RetireSources retire: Retire(retire, state); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>The ledger gives them before anything else; who has not got them was started again behind its back.</summary>
    private void AskForTotals()
    {
        if (!_asked)
        {
            _asked = true;
            Context.Parent.Tell(new LedgerEnvelope(_shard, new LinkLost(_linkId)));
        }
    }

    private void Restore(RestoreLink restore)
    {
        _state = new LinkState(restore.Link);
        _state.Restore(restore.Held, restore.Retired, restore.Seen);
        Show();
        Sender.Tell(new LinkRestored(_linkId));
    }

    private void Decide(DecideReport ask, LinkState state)
    {
        var decision = state.Decide(ask.Report.Link, ask.By, ask.Report.Totals);
        if (decision.Kind == DecisionKind.Collides)
        {
            Sender.Tell(new ReportDecided(ask.Token, ask.Item, _linkId, Advance: null, Collided: true));
            return;
        }

        if (_levels.LatestOf(ask.By) is { } latest && Contradiction.Is(ask.Report, latest, state.Held.GetValueOrDefault(ask.By)))
        {
            _metrics.ReportsContradicting.Inc();
        }

        if (_levels.Report(ask.By, ask.Report.Sequence, ask.Report.Levels))
        {
            Show();
        }

        var totals = decision.Kind == DecisionKind.Advances ? decision.Totals : state.Held[ask.By];
        var advance = decision.Kind == DecisionKind.Advances || ask.Always ? new LinkAdvance(state.Link, ask.By, totals) : null;
        Sender.Tell(new ReportDecided(ask.Token, ask.Item, _linkId, advance, Collided: false));
    }

    private void Retire(RetireSources retire, LinkState state)
    {
        state.Retire(retire.Sources);
        foreach (var source in retire.Sources)
        {
            _metrics.LevelsDropped.Inc(_levels.Drop(source));
        }

        Show();
    }

    /// <summary>A link of which the journal holds nothing yet is not exported.</summary>
    private void Show()
    {
        if (_state is { IsKnown: true } state)
        {
            _series ??= _gauges.Open(state.Link, _shard);
            _series.Show(state.Sum, _levels.Sum, state.Seen);
        }
    }
}
