using System.Runtime.InteropServices;
using Caretta.Messages;
using Caretta.Node.Forward;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Node.Names;
using Microsoft.Data.Sqlite;
using Prometheus;

namespace Caretta.Node.Probe;

/// <summary>
/// One poll after the other: fold, read, name, ledger, commit, evict. Blocking, for one thread at a time. A step that fails is counted and
/// logged, and the next poll makes up for it: the kernel's counts and the ledger's change both wait.
/// </summary>
public sealed class Poller : IDisposable
{
    /// <summary>How stale the time of the last poll may get in a ledger that nothing else changes.</summary>
    private static readonly TimeSpan MaxUncommitted = TimeSpan.FromMinutes(1);

    private const int MaxKeptCapacity = 4096;

    private readonly IFlowTable _table;
    private readonly ILedgerStore _store;
    private readonly IHostNames _names;
    private readonly NodeOptions _options;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EnrolmentSchedule _enrolment;
    private readonly Eviction _eviction;
    private readonly FlowReader _take;
    private readonly List<FlowRecord> _newFlows = [];
    private Ledger.Ledger _ledger;
    private DateTimeOffset _lastCommit;
    private bool _observeAll;
    private int _flows;
    private bool _distrusted;
    private bool _tellAll;
    private IReadOnlyList<Report> _reports = [];

    public Poller(
        IFlowTable table, Ledger.Ledger ledger, ILedgerStore store, IHostNames names,
        NodeOptions options, NodeMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_table, _ledger, _store, _names, _options, _metrics, _time, _logger) = (table, ledger, store, names, options, metrics, time, logger);
        _enrolment = new EnrolmentSchedule(options.PollInterval);
        _eviction = new Eviction(options.IdlePolls);
        _take = Take;
    }

    public Source Source => new(_ledger.Identity.NodeName, _ledger.Identity.Incarnation);

    /// <summary>Null where names are the host's own.</summary>
    public IDirectoryUser? Directory => _names as IDirectoryUser;

    public SourceStarted Started()
    {
        _tellAll = false;
        return new SourceStarted(Source, _ledger.Identity.Sequence, _ledger.AllReports()) { Epochs = _ledger.Epochs };
    }

    /// <returns>
    /// For the forwarder, all of it durable: <see cref="ReportsCommitted"/>, or <see cref="SourceStarted"/> where it is to begin anew;
    /// null if the poll failed.
    /// </returns>
    public object? Run()
    {
        _metrics.Polls.Inc();
        using var timing = _metrics.PollSeconds.NewTimer();
        if (_distrusted && !Try("reload", Reload))
        {
            return null;
        }

        if (_enrolment.IsDue())
        {
            Try("enrol", () => _enrolment.Found(_table.Enrol()));
            NativeHeap.ReturnFreed(); // about once a minute will do for this as well
        }

        if (!Try("fold", _table.Fold) || !Try("read", ReadFlows))
        {
            return null;
        }

        var change = _ledger.EndPoll(_time.GetUtcNow(), _names);
        _eviction.Choose(_ledger);
        change = _ledger.Prepare(change.Identity.LastPoll); // the eviction may have added rows
        if (!Try("commit", () => Commit(change)))
        {
            return null;
        }

        Try("evict", Evict);
        Try("counters", () => _metrics.Show(_table.ReadCounters()));
        return Outcome();
    }

    /// <summary>The aggregator wants another incarnation. The next poll makes it, and says so.</summary>
    /// <returns>False if it spoke of one that is not ours any more.</returns>
    public bool Refuse(IncarnationRefused refused)
    {
        if (refused.Source != Source)
        {
            return false;
        }

        _logger.LogWarning("The aggregator refused incarnation {Incarnation}: {Reason}. All totals start again.", refused.Source.Incarnation, refused.Reason);
        _ledger.Refuse(RandomId.New());
        return true;
    }

    /// <summary>Something unforeseen interrupted a poll: what is in memory is dropped for what is on the disk.</summary>
    public void Distrust() => (_distrusted, _tellAll) = (true, true);

    /// <summary>Stops counting, makes the last counts and the accounts of the open sockets durable, and removes every pin.</summary>
    /// <exception cref="LibbpfException">The kernel refused; the pins are still there, and so are the counts.</exception>
    /// <exception cref="SqliteException">The ledger could not be written; as above.</exception>
    public void Unload()
    {
        if (_distrusted)
        {
            Reload();
        }

        // A socket that nobody has met yet has no account to carry, and would start from a baseline.
        Try("enrol", () => _table.Enrol());
        var carried = _table.Detach();
        ReadFlows();
        if (_ledger.UnnamedFlows > 0)
        {
            // No later poll will see these counts. Names may put an answer off to the next poll, once: this is it.
            _ledger.EndPoll(_time.GetUtcNow(), _names);
            ReadFlows();
        }

        _ledger.EndPoll(_time.GetUtcNow(), _names);
        _ledger.Carry(carried, detached: true);
        Commit(_ledger.Prepare(_time.GetUtcNow()));
        _table.Remove();
        _logger.LogInformation("Detached. {Sockets} open sockets are carried to the next start.", carried.Count);
    }

    /// <summary>For the forwarder: what the last commit made durable.</summary>
    public object LastWord() => _tellAll ? Started() : new ReportsCommitted(Source, _ledger.Identity.Sequence, _reports);

    /// <summary>Without <see cref="Unload"/> the pinned programs go on counting.</summary>
    public void Dispose()
    {
        _table.Dispose();
        _store.Dispose();
    }

    /// <summary>What to dispose of when the store goes on with other tables.</summary>
    internal IDisposable TableOnly() => _table;

    private void ReadFlows()
    {
        _ledger.BeginPoll();
        _newFlows.Clear();
        _flows = 0;
        _observeAll = _names.BeginPoll();
        _table.Read(_take);
        _names.EndObservation();

        // Last, because two flows of one read may name each other: both ends of a connection inside this host.
        foreach (ref readonly var flow in CollectionsMarshal.AsSpan(_newFlows))
        {
            _ledger.Account(flow, _names);
        }

        if (_newFlows.Capacity > MaxKeptCapacity)
        {
            _newFlows.Clear();
            _newFlows.Capacity = 0; // the first poll of a busy host; the others find few new flows
        }
    }

    private void Take(in FlowRecord flow)
    {
        _flows += flow.Key.IsOverflow ? 0 : 1;
        var isNew = _ledger.IsNew(flow);
        if (isNew || _observeAll)
        {
            _names.Observe(flow.Key);
        }

        if (isNew)
        {
            _newFlows.Add(flow);
        }
        else
        {
            _ledger.Account(flow, _names);
        }
    }

    private void Commit(LedgerChange change)
    {
        var now = change.Identity.LastPoll;
        if (!change.IsEmpty || now - _lastCommit >= MaxUncommitted)
        {
            using var timing = _metrics.CommitSeconds.NewTimer();
            _store.Commit(change);
            _lastCommit = now;
        }

        _tellAll |= change.NewSource;
        _reports = change.ToReports();
        if (change.Loss is { } loss)
        {
            _metrics.Lost(loss);
            _logger.LogWarning("Took over up to {Bytes} bytes without attributing them to a link: {Reason}", loss.Bytes, loss.Reason);
        }

        _ledger.Committed();
    }

    private object Outcome()
    {
        _metrics.Flows.Set(_flows);
        _metrics.TablePressure.Set((double)_flows / _options.MaxFlows);
        _metrics.Ledger.Show(_ledger);
        if (Directory is { } directory)
        {
            _metrics.Directory.Show(directory);
        }

        return LastWord();
    }

    private void Evict()
    {
        if (_eviction.Retire.Count > 0)
        {
            _table.Retire(_eviction.Retire);
        }

        if (_eviction.Delete.Count > 0)
        {
            _table.Delete(_eviction.Delete);
            _metrics.Evicted.Inc(_eviction.Delete.Count);
        }
    }

    private void Reload()
    {
        var contents = _store.Load() ?? throw new InvalidDataException("The ledger is empty, although it was committed.");
        _ledger = new Ledger.Ledger(contents, _options.MaxLinks, _options.MaxWaiting);
        _ledger.BeginEpoch(RandomId.NewNumber()); // what was sent is forgotten, as after a restart
        _distrusted = false;
    }

    private bool Try(string step, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception failure) when (failure is LibbpfException or SqliteException or IOException)
        {
            _metrics.Failed(step);
            _logger.LogWarning("Poll: {Step} failed, the next poll tries again: {Failure}", step, failure.Message);
            return false;
        }
    }
}
