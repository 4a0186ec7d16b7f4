using Caretta.Node.Forward;
using Caretta.Node.Kernel;
using Caretta.Node.Probe;
using Caretta.Tests.Node.Fakes;
using CsCheck;
using Microsoft.Data.Sqlite;

namespace Caretta.Tests.Node.Probe;

public sealed class PollerSpecs : IDisposable
{
    /// <summary>Not the enrolment: what that misses is told as unobserved.</summary>
    private static readonly TableStep[] Refused =
        [TableStep.Fold, TableStep.Read, TableStep.Retire, TableStep.Delete, TableStep.ReadCounters, TableStep.Detach, TableStep.Remove];

    private readonly AgentUnderTest _agent = new();
    private readonly FakeSocket _socket;
    private readonly Poller _poller;

    public PollerSpecs()
    {
        _agent.Options.IdlePolls = 100;
        _socket = _agent.Kernel.Connect(80);
        _socket.Sent = 100;
        _poller = _agent.Start();
    }

    private enum Event
    {
        Send,
        Poll,
        SendDuringPoll,
        Refuse,
        FailCommit,
        FailLoad,
        Distrust,
        Kill,
        StopCleanly,
    }

    [Fact]
    public void Whatever_fails_and_however_often_it_restarts_the_links_carry_what_was_sent() =>
        Gen.Select(Gen.Int[0, (int)Event.StopCleanly].Select(what => (Event)what), Gen.Int[1, 3], Gen.Int[0, 100]).Array[1, 50].Sample(
            events =>
            {
                using var agent = new AgentUnderTest();
                FakeSocket[] sockets = [agent.Kernel.Connect(80), agent.Kernel.Connect(81), agent.Kernel.Connect(82)];
                var poller = agent.Start();
                foreach (var (what, socket, amount) in events)
                {
                    poller = Do(agent, poller, what, sockets[socket - 1], amount);
                }

                agent.Table.Forgive();
                (agent.Store.Fault, agent.Store.LoadFails) = (null, false);
                Assert.NotNull(poller.Run());
                Assert.Equal(agent.Kernel.Sent, agent.Total);
            },
            iter: 2_000);

    [Fact]
    public void A_poll_reports_the_links_that_changed_and_they_are_durable_by_then()
    {
        var silent = _agent.Kernel.Connect(81);
        silent.Sent = 5;
        _poller.Run();
        _socket.Sent += 20;
        var outcome = Assert.IsType<ReportsCommitted>(_poller.Run());
        var report = Assert.Single(outcome.Reports);
        Assert.Equal((_agent.Names.LinkOf(80), 120UL, outcome.Sequence), (report.Link, report.Totals.SentBytes, report.Sequence));
        Assert.Equal((120UL, outcome.Sequence), (_agent.Sent(_agent.Names.LinkOf(80)), _agent.Identity.Sequence));
        Assert.Equal(_poller.Source, outcome.Source);
    }

    [Fact]
    public void What_it_reported_stays_as_it_was_when_it_counts_on()
    {
        var first = Assert.IsType<ReportsCommitted>(_poller.Run());
        _socket.Sent += 20;
        _poller.Run();
        Assert.Equal(100UL, Assert.Single(first.Reports).Totals.SentBytes);
    }

    [Theory]
    [InlineData(TableStep.Fold, "fold")]
    [InlineData(TableStep.Read, "read")]
    public async Task A_poll_without_a_fold_or_a_read_is_none_and_the_next_makes_up_for_it(TableStep step, string name)
    {
        _agent.Table.Refuse(step);
        Assert.Null(_poller.Run());
        Assert.Equal(1, await Failures(name));
        Assert.Equal(0UL, _agent.Total);
        Assert.NotNull(_poller.Run());
        Assert.Equal(100UL, _agent.Total);
    }

    [Theory]
    [InlineData(CommitFault.NothingWritten)]
    [InlineData(CommitFault.EverythingWritten)]
    public async Task A_commit_that_failed_is_part_of_the_next(CommitFault fault)
    {
        _agent.Store.Fault = fault;
        Assert.Null(_poller.Run());
        Assert.Equal(1, await Failures("commit"));
        _socket.Sent += 20;
        var outcome = Assert.IsType<ReportsCommitted>(_poller.Run());
        Assert.Equal(120UL, Assert.Single(outcome.Reports).Totals.SentBytes);
        Assert.Equal(120UL, _agent.Total);
    }

    [Fact]
    public async Task A_look_for_older_sockets_that_failed_costs_no_poll_and_is_made_at_the_next()
    {
        _agent.Table.Refuse(TableStep.Enrol);
        Assert.NotNull(_poller.Run());
        Assert.Equal((1, 0UL), (await Failures("enrol"), _agent.Total));
        _poller.Run();
        Assert.Equal(100UL, _agent.Total);
    }

    [Theory]
    [InlineData(TableStep.Retire, "evict")]
    [InlineData(TableStep.Delete, "evict")]
    [InlineData(TableStep.ReadCounters, "counters")]
    public async Task What_fails_after_the_commit_costs_no_poll(TableStep step, string name)
    {
        _agent.Options.IdlePolls = 0;
        using var poller = _agent.Start();
        _agent.Table.Refuse(step);
        var outcomes = Enumerable.Range(0, 5).Select(_ => poller.Run()).ToList();
        Assert.DoesNotContain(null, outcomes);
        Assert.Equal(1, await Failures(name));
        Assert.Empty(_agent.Table.Keys);
        Assert.Equal(100UL, _agent.Total);
    }

    [Fact]
    public async Task Flows_are_retired_and_deleted_only_after_the_commit_that_knows_it()
    {
        _agent.Options.IdlePolls = 0;
        using var poller = _agent.Start();
        poller.Run();
        _agent.Store.Fault = CommitFault.NothingWritten;
        _agent.Table.Calls.Clear();
        _socket.Sent += 1;
        Assert.Null(poller.Run());
        Assert.Null(RunWithCommitFault(poller));
        Assert.DoesNotContain(TableStep.Retire, _agent.Table.Calls);
        Assert.DoesNotContain(TableStep.Delete, _agent.Table.Calls);
        Assert.Equal(0, await _agent.Metric("caretta_node_evicted_flows_total"));
    }

    [Fact]
    public void What_nobody_foresaw_is_not_swallowed()
    {
        _agent.Table.Meanwhile = _ => throw new InvalidOperationException();
        Assert.Throws<InvalidOperationException>(() => _poller.Run());
    }

    [Fact]
    public void Nothing_is_written_where_nothing_changed_but_once_a_minute_the_time()
    {
        _poller.Run();
        var commits = _agent.Store.Commits;
        _agent.Time.Pass(TimeSpan.FromSeconds(59));
        var outcome = Assert.IsType<ReportsCommitted>(_poller.Run());
        Assert.Empty(outcome.Reports);
        Assert.Equal(commits, _agent.Store.Commits);
        _agent.Time.Pass(TimeSpan.FromSeconds(1));
        _poller.Run();
        Assert.Equal(commits + 1, _agent.Store.Commits);
        Assert.Equal(_agent.Time.GetUtcNow(), _agent.Identity.LastPoll);
    }

    [Fact]
    public void Flows_of_one_read_may_name_each_other()
    {
        _agent.Names.LearnsFromFlows = true;
        _agent.Names.Hide(80);
        _poller.Run();
        Assert.Equal(100UL, _agent.Total);
    }

    [Fact]
    public void Names_are_shown_new_flows_and_all_of_them_when_they_ask()
    {
        _poller.Run();
        Assert.Equal([FakeFlowTable.KeyOf(80)], _agent.Names.Observed);
        _agent.Kernel.Connect(81).Sent = 1;
        _poller.Run();
        Assert.Equal([FakeFlowTable.KeyOf(81)], _agent.Names.Observed);
        _agent.Names.ShowAll = true;
        _poller.Run();
        Assert.Equal(2, _agent.Names.Observed.Count);
    }

    [Fact]
    public void Distrusted_it_goes_on_from_the_disk_and_tells_everything_again()
    {
        _poller.Run();
        _socket.Sent += 20;
        _agent.Store.Fault = CommitFault.NothingWritten;
        Assert.Null(_poller.Run());
        _poller.Distrust();
        var outcome = Assert.IsType<SourceStarted>(_poller.Run());
        Assert.Equal(120UL, Assert.Single(outcome.Reports).Totals.SentBytes);
        Assert.NotEqual(0UL, outcome.Epochs[^1].Id); // what it had sent before is forgotten, so it is as good as another process
        Assert.Equal(_agent.Store.Load()!.Epochs, outcome.Epochs);
        Assert.IsType<ReportsCommitted>(_poller.Run());
    }

    [Fact]
    public async Task While_the_disk_cannot_be_read_it_stays_distrusted()
    {
        _poller.Run();
        _poller.Distrust();
        _agent.Store.LoadFails = true;
        Assert.Null(_poller.Run());
        Assert.Equal(1, await Failures("reload"));
        Assert.IsType<SourceStarted>(_poller.Run());
        Assert.Equal(100UL, _agent.Total);
    }

    [Fact]
    public async Task A_refused_incarnation_ends_with_the_next_poll_that_is_committed()
    {
        _poller.Run();
        var old = _poller.Source;
        Assert.True(_poller.Refuse(new IncarnationRefused(old, "holds more")));
        _agent.Store.Fault = CommitFault.NothingWritten;
        Assert.Null(_poller.Run());
        var outcome = Assert.IsType<SourceStarted>(_poller.Run());
        Assert.NotEqual(old.Incarnation, outcome.Source.Incarnation);
        Assert.Equal(outcome.Source.Incarnation, _agent.Identity.Incarnation);
        Assert.Empty(outcome.Reports);
        Assert.Equal(100, await _agent.Metric("caretta_node_adopted_bytes_total{reason=\"incarnation_refused\"}"));
        Assert.False(_poller.Refuse(new IncarnationRefused(old, "again")));
        Assert.Equal(outcome.Source, _poller.Source);
    }

    [Fact]
    public void Unloading_makes_the_last_counts_durable_before_it_removes_them()
    {
        _poller.Run();
        _socket.Sent += 20;
        var table = _agent.Table;
        _agent.Store.Fault = CommitFault.NothingWritten;
        Assert.Throws<SqliteException>(_poller.Unload);
        Assert.Same(table, _agent.Kernel.Pinned);
        _poller.Unload();
        Assert.Null(_agent.Kernel.Pinned);
        Assert.Equal((120UL, true), (_agent.Total, _agent.Identity.Detached));
        Assert.False(table.Attached);
    }

    [Fact]
    public void Unloading_takes_on_the_sockets_nobody_has_met_yet()
    {
        _poller.Unload();
        Assert.NotNull(_agent.Start().Run());
        Assert.Equal((100UL, 0UL), (_agent.Total, _agent.Table.Counters.UnobservedBytes));
    }

    [Fact]
    public void A_failure_to_take_them_on_does_not_keep_it_from_unloading()
    {
        _agent.Table.Refuse(TableStep.Enrol);
        _poller.Unload();
        Assert.Null(_agent.Kernel.Pinned);
    }

    [Fact]
    public void Unloading_does_not_trust_a_memory_it_was_told_to_distrust()
    {
        _poller.Run();
        var loads = _agent.Store.Loads;
        _poller.Distrust();
        _poller.Unload();
        Assert.Equal((loads + 1, 100UL), (_agent.Store.Loads, _agent.Total));
    }

    [Fact]
    public async Task It_shows_what_the_last_poll_found()
    {
        _agent.Names.Hide(81);
        _agent.Kernel.Connect(81).Sent = 7;
        _agent.Table.Count(default, 1); // the overflow table's are not among those the table can hold
        _poller.Run();
        Assert.Equal(2, await _agent.Metric("caretta_node_flows"));
        Assert.Equal(7, await _agent.Metric("caretta_node_unnamed_bytes"));
        Assert.Equal(2, await _agent.Metric("caretta_node_links"));
        Assert.Equal(1, await _agent.Metric("caretta_node_polls_total"));
        Assert.Equal(1, await _agent.Metric("caretta_node_enrolled_sockets_total"));
    }

    public void Dispose()
    {
        _poller.Dispose();
        _agent.Dispose();
    }

    private static Poller Do(AgentUnderTest agent, Poller poller, Event what, FakeSocket socket, int amount)
    {
        switch (what)
        {
            case Event.Send: socket.Sent += (ulong)amount; break;
            case Event.SendDuringPoll:
                agent.Table.Meanwhile = _ => socket.Sent += (ulong)amount;
                poller.Run();
                agent.Table.Meanwhile = _ => { };
                break;
            case Event.Refuse: agent.Table.Refuse(Refused[amount % Refused.Length]); break;
            case Event.FailCommit: agent.Store.Fault = (CommitFault)(amount % 2); break;
            case Event.FailLoad: agent.Store.LoadFails = true; break;
            case Event.Distrust: poller.Distrust(); break;
            case Event.Kill: return Restarted(agent);
            case Event.StopCleanly: Unload(poller); return Restarted(agent);
            default: poller.Run(); break;
        }

        return poller;
    }

    private static Poller Restarted(AgentUnderTest agent)
    {
        (agent.Store.Fault, agent.Store.LoadFails) = (null, false);
        return agent.Start();
    }

    private static void Unload(Poller poller)
    {
        try
        {
            poller.Unload();
        }
        catch (Exception failure) when (failure is SqliteException or LibbpfException)
        {
            // As good as a kill.
        }
    }

    private object? RunWithCommitFault(Poller poller)
    {
        _agent.Store.Fault = CommitFault.NothingWritten;
        return poller.Run();
    }

    private Task<double> Failures(string step) => _agent.Metric($"caretta_node_poll_failures_total{{step=\"{step}\"}}");
}
