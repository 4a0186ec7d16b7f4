using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Tests.Protocol;

/// <summary>
/// One owner of a shard, as the ledger's actor and its links are, without actors: it decides on what it recovered, and what it shows and
/// answers follows the journal. A later owner makes it a zombie, whose writes are refused.
/// </summary>
internal sealed class ShardModel
{
    private readonly int _number;
    private readonly JournalModel _journal;
    private readonly List<ToStream> _network;
    private readonly HashSet<(Source Source, NetworkLink Link)> _noRoom;
    private readonly ShardState _state;
    private readonly HistoryWriter _writer;
    private readonly LinkRoom _links;
    private readonly SourceRoom _sources;
    private readonly Retirement _retirement = new(RetireAfter);
    private readonly GroupCommit _group = new();
    private readonly Dictionary<ulong, LinkState> _live = [];
    private readonly List<DecideReport> _slow = [];
    private (Commit Commit, LinksAdvanced Event)? _writing;
    private int _next;

    /// <param name="noRoom">Gets what is left out for want of room, and counted as such.</param>
    public ShardModel(
        int number, int shardCount, int room, JournalModel journal, List<ToStream> network, HashSet<(Source, NetworkLink)> noRoom, int snapshotAt)
    {
        (_number, _journal, _network, _noRoom, _next) = (number, journal, network, noRoom, journal.Next);
        _state = journal.Recover(snapshotAt);
        _writer = new HistoryWriter(_state.History);
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

    /// <summary>Of itself after a failed write, or its member did.</summary>
    public bool Stopped { get; private set; }

    public TimeSpan Listened { get; private set; }

    public ShardState State => _state;

    /// <summary>What a scrape finds here.</summary>
    public IEnumerable<LinkState> Exported => _live.Values.Where(link => link.IsKnown);

    public bool IsIdle => _writing is null && _group is { Deciding: 0, Waiting: 0 };

    public void Stop() => Stopped = true;

    /// <param name="undecided">Whether a batch's last link is slow: the batch is then half decided when the next thing happens.</param>
    public void Receive(StreamModel from, ILedgerMessage message, bool undecided)
    {
        switch (message)
        {
            case OpenSource open: Answer(from, open.Source, batchId: 0); break;
            case TakeBatch batch: Take(from, batch, undecided); break;
            default: throw new InvalidOperationException($"What is {message}?");
        }
    }

    /// <summary>The next group of batches, handed to the journal; what was written before is answered first.</summary>
    public void Write(CommitFault fault)
    {
        Written();
        var commit = _group.Next();
        if (commit.IsEmpty || Stopped)
        {
            return;
        }

        if (commit.NeedsNoEvent)
        {
            _state.Cover(commit);
            Acknowledge(commit);
            return;
        }

        var advanced = commit.ToEvent(DateTimeOffset.UnixEpoch, Listened, _writer.Next(), _state);
        if (Append(advanced, fault))
        {
            _writing = (commit, advanced);
        }
    }

    /// <summary>The journal has answered.</summary>
    public void Written()
    {
        if (_writing is not var (commit, advanced) || Stopped)
        {
            return;
        }

        _writing = null;
        Assert.True(_state.Apply(advanced));
        foreach (var advance in advanced.Advances.Where(advance => !_state.IsRetired(advance.By.Source)))
        {
            Link(advance.Link).Apply(advance.By, advance.Totals);
        }

        Acknowledge(commit);
    }

    /// <summary>Links that were slow have answered.</summary>
    public void DecideSlow()
    {
        _slow.ForEach(Decide);
        _slow.Clear();
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
        Written();
        Listened += time;
        var found = _retirement.Look(_state, Listened, isConnected);
        var seen = new LinksAdvanced(
            DateTimeOffset.UnixEpoch, [], [.. found.Seen.Select(source => KeyValuePair.Create(source, _state.Watermark(source)))])
        {
            Listened = Listened,
            Step = _writer.Next(),
            Epochs = found.Seen.ToDictionary(source => source, _state.EpochOf),
        };
        if (Stopped || !Append(seen, CommitFault.None))
        {
            return;
        }

        Assert.True(_state.Apply(seen));
        if (found.Silent.Count == 0)
        {
            return;
        }

        var retired = new SourcesRetired(DateTimeOffset.UnixEpoch, Listened, found.Silent) { Step = _writer.Next() };
        if (Append(retired, CommitFault.None))
        {
            Assert.True(_state.Apply(retired));
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
        if (!_live.ContainsKey(link.Id) || !IsIdle || Stopped)
        {
            return;
        }

        var expired = new LinksExpired(DateTimeOffset.UnixEpoch, [link.Id]) { Step = _writer.Next() };
        if (Append(expired, CommitFault.None))
        {
            Assert.True(_state.Apply(expired));
            _live.Remove(link.Id);
        }
    }

    private void Take(StreamModel from, TakeBatch batch, bool undecided)
    {
        if (_state.IsRetired(batch.Source))
        {
            Answer(from, batch.Source, batch.Id);
            return;
        }

        if (!_sources.Admit(batch.Source))
        {
            _network.Add(new ToStream(
                from, new ShardHeld(_number, batch.Source, batch.Watermark, batch.Id) { History = History.OfNobody, Epoch = batch.Epoch }, this));
            return;
        }

        var routed = new List<RoutedReport>();
        foreach (var report in batch.Reports)
        {
            if (_links.Find(batch.Source, report.Link) is var (link, by))
            {
                routed.Add(new RoutedReport(by, report with { Link = link }, _state.IsExpired(link.Id)));
            }
            else
            {
                _noRoom.Add((batch.Source, report.Link));
            }
        }

        var asks = _group.Begin(new BatchHeader(batch.Source, batch.Id, batch.Watermark, batch.History, from, 0) { Epoch = batch.Epoch }, routed);
        if (undecided && asks.Count > 0)
        {
            _slow.Add(asks[^1]);
        }

        foreach (var ask in undecided ? asks.SkipLast(1) : asks)
        {
            Decide(ask);
        }
    }

    private bool Append(object written, CommitFault fault)
    {
        var persisted = fault != CommitFault.NotPersisted && _journal.TryAppend(_next++, written);
        Stopped = !persisted || fault == CommitFault.AnswerLost; // after any failure a ledger stops, and what it knows with it
        return !Stopped;
    }

    private void Acknowledge(Commit commit)
    {
        foreach (var (header, _) in commit.Batches)
        {
            Answer((StreamModel)header.Upstream, header.Source, header.Id);
        }
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

    private void Answer(StreamModel to, Source source, ulong batchId) => _network.Add(new ToStream(
        to,
        new ShardHeld(_number, source, _state.Watermark(source), batchId, _state.IsRetired(source)) { History = _state.HistoryOf(source), Epoch = _state.EpochOf(source) },
        this));
}
