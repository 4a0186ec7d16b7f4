using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Node.Forward;

namespace Caretta.Tests.Protocol;

/// <summary>
/// One owner of a shard, as the ledger's actor and its links are, without actors: it decides on what it recovered, and what it shows and
/// answers follows the journal. A later owner makes it a zombie, whose writes are refused.
/// </summary>
internal sealed class ShardModel
{
    private readonly int _number;
    private readonly JournalModel _journal;
    private readonly ShardState _state;
    private readonly LinkRoom _links;
    private readonly SourceRoom _sources;
    private readonly Retirement _retirement = new(RetireAfter);
    private readonly GroupCommit _group = new();
    private readonly Dictionary<ulong, LinkState> _live = [];
    private int _next;

    public ShardModel(int number, int shardCount, int room, JournalModel journal, int snapshotAt)
    {
        (_number, _journal, _next) = (number, journal, journal.Next);
        _state = journal.Recover(snapshotAt);
        _links = new LinkRoom(number, shardCount, room, _state);
        _sources = new SourceRoom(_state);
        Listened = _state.Listened;
#if !MUTANT_LINK_ASLEEP
        foreach (var linkId in _state.Unexpired)
        {
            Link(_state.Link(linkId)!.Link);
        }
#endif
    }

    public static TimeSpan RetireAfter { get; } = TimeSpan.FromDays(30);

    /// <summary>Its writes were refused: it has stopped.</summary>
    public bool Stopped { get; private set; }

    public TimeSpan Listened { get; private set; }

    public ShardState State => _state;

    /// <summary>What a scrape finds here.</summary>
    public IEnumerable<LinkState> Exported => _live.Values.Where(link => link.IsKnown);

    public ShardAnswer Open(Source source) => Answer(source, batchId: 0);

    /// <summary>Decides, with everything else that waits to be committed.</summary>
    /// <param name="undecided">Whether its last link is slow: the batch is then half decided when the next thing happens.</param>
    public void Take(Source source, OutboxBatch batch, Stream stream, bool undecided)
    {
        if (_state.IsRetired(source))
        {
            stream.Answers.Add(Answer(source, batch.Id));
            return;
        }

        if (!_sources.Admit(source))
        {
            throw new InvalidOperationException("So many sources a run does not make.");
        }

        var routed = batch.Reports.Select(report => (report, place: _links.Find(source, report.Link)))
            .Where(one => one.place is not null)
            .Select(one => new RoutedReport(
                one.place!.Value.By, one.report with { Link = one.place.Value.Link }, _state.IsExpired(one.place.Value.Link.Id)))
            .ToList();
        var asks = _group.Begin(new BatchHeader(source, batch.Id, batch.Watermark, batch.Base, stream, 0), routed);
        foreach (var ask in undecided ? asks.SkipLast(1) : asks)
        {
            Decide(ask);
        }
    }

    /// <summary>The next group of batches, into the journal and acknowledged after that.</summary>
    public void Commit(CommitFault fault)
    {
        var commit = _group.Next();
        if (commit.IsEmpty || Stopped)
        {
            return;
        }

        if (commit.NeedsNoEvent)
        {
            _state.Cover(commit);
        }
        else
        {
            var advanced = commit.ToEvent(DateTimeOffset.UnixEpoch, Listened, _state);
            if (!Write(advanced, fault))
            {
                return;
            }

            _state.Apply(advanced);
            foreach (var advance in advanced.Advances.Where(advance => !_state.IsRetired(advance.By.Source)))
            {
                Link(advance.Link).Apply(advance.By, advance.Totals);
            }
        }

        foreach (var (header, _) in commit.Batches)
        {
            ((Stream)header.Upstream).Answers.Add(Answer(header.Source, header.Id));
        }
    }

    /// <summary>A link actor dies: it comes back with what the journal holds, and is asked again what it has not answered.</summary>
    public void KillLinks()
    {
        foreach (var linkId in _live.Keys.ToList())
        {
            _live.Remove(linkId, out var dead);
            Link(dead!.Link);
            foreach (var ask in _group.AskAgain(linkId))
            {
                Decide(ask);
            }
        }
    }

    /// <summary>Time passes in which only these sources are there; then those silent for long are retired.</summary>
    public void Listen(TimeSpan time, Func<Source, bool> isConnected)
    {
        Listened += time;
        var found = _retirement.Look(_state, Listened, isConnected);
        var seen = new LinksAdvanced(
            DateTimeOffset.UnixEpoch, [], [.. found.Seen.Select(source => KeyValuePair.Create(source, _state.Watermark(source)))])
        {
            Listened = Listened,
            Bases = found.Seen.ToDictionary(source => source, _state.JournalledWatermark),
        };
        if (Stopped || !Write(seen, CommitFault.None))
        {
            return;
        }

        _state.Apply(seen);
        var retired = new SourcesRetired(DateTimeOffset.UnixEpoch, Listened, found.Silent);
        if (found.Silent.Count > 0 && Write(retired, CommitFault.None))
        {
            _state.Apply(retired);
            _links.Retire(retired.Sources);
            _sources.Retire(retired.Sources);
            foreach (var link in _live.Values)
            {
                link.Retire(retired.Sources);
            }
        }
    }

    public void Expire(NetworkLink link)
    {
        var expired = new LinksExpired(DateTimeOffset.UnixEpoch, [link.Id]);
        if (_live.ContainsKey(link.Id) && _group.Deciding == 0 && !Stopped && Write(expired, CommitFault.None))
        {
            _state.Apply(expired);
            _live.Remove(link.Id);
        }
    }

    private bool Write(object written, CommitFault fault)
    {
        var persisted = fault != CommitFault.NotPersisted && _journal.TryAppend(_next++, written);
        Stopped = !persisted || fault == CommitFault.AnswerLost; // after any failure a ledger stops, and what it knows with it
        return !Stopped;
    }

    private void Decide(DecideReport ask)
    {
        var link = Link(_state.Link(ask.Report.Link.Id)?.Link ?? ask.Report.Link);
        var decision = link.Decide(ask.Report.Link, ask.By, ask.Report.Totals);
        var totals = decision.Kind == DecisionKind.Advances ? decision.Totals : link.Held.GetValueOrDefault(ask.By);
        var advances = decision.Kind == DecisionKind.Advances || ask.Always;
        _group.Decided(ask.Token, ask.Item, advances ? new LinkAdvance(link.Link, ask.By, totals) : null);
    }

    private LinkState Link(NetworkLink link)
    {
        if (!_live.TryGetValue(link.Id, out var live))
        {
            _live.Add(link.Id, live = new LinkState(link));
            if (_state.Link(link.Id) is { } held)
            {
                live.Restore(held.Held, held.Retired);
            }
        }

        return live;
    }

    private ShardAnswer Answer(Source source, ulong batchId) => new(_number, _state.Watermark(source), batchId, _state.IsRetired(source));
}
