using System.Net;
using Caretta.Messages;
using Caretta.Node;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Node.Names;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Tests.Node.Fakes;
using Microsoft.Data.Sqlite;
using NodeLedger = Caretta.Node.Ledger.Ledger;

namespace Caretta.Tests.Node.Ledger;

/// <summary>The ledger's file: what is committed is there, what is not is not, and no file is ever lost.</summary>
public sealed class LedgerStoreSpecs : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 30, 15, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly FakeNames _names = new();
    private readonly ManualTime _time = new(Now);
    private readonly FakeFlowTable _table = new();
    private readonly NodeLedger _ledger = new(new LedgerIdentity("node", Guid.NewGuid(), "boot", Guid.NewGuid()), maxLinks: 100);

    private string File => Path.Combine(_folder.Path, LedgerFile.FileName);

    [Fact]
    public void A_new_file_holds_nothing()
    {
        using var store = Open();
        Assert.Null(store.Load());
        Assert.Null(store.SetAside);
    }

    [Fact]
    public void What_was_committed_is_read_back_to_the_last_bit()
    {
        var (local, remote) = (IPAddress.Parse("fe80::1"), IPAddress.Parse("fe80::2"));
        var key = new FlowKey(local, remote, 65535, Role.Server, 7, ulong.MaxValue, "ωmega");
        var totals = new LinkTotals(ulong.MaxValue, ulong.MaxValue - 1, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        _table.Count(FakeFlowTable.KeyOf(80), 0); // what is born first is taken over
        _table.Count(key, totals);
        _table.Hold(key, TcpState.Established, TcpState.Closing);
        var account = new SocketAccount
        {
            Cookie = ulong.MaxValue,
            StartNs = 2,
            Sent = 3,
            Received = 4,
            Retransmitted = 5,
            BaseSent = 6,
            BaseReceived = 7,
            Role = 1,
            Opened = 1,
            Comm = 8,
        };
        _ledger.Adopt(LossReason.NodeRenamed);
        _ledger.BeginPoll();
        _ledger.EndPoll(Now, _names);
        _ledger.Carry([account, account with { Cookie = 1 }], detached: true);
        using (var store = Open())
        {
            Poll(store);
        }

        using var again = Open();
        var contents = again.Load()!;
        Assert.Equal(_ledger.Identity, contents.Identity);
        Assert.True(contents.Identity.Detached);
        Assert.Equal((LossReason.NodeRenamed, Now), (contents.Identity.AdoptReason, contents.Identity.LastPoll));
        Assert.Equal([account, account with { Cookie = 1 }], contents.Carried);
        var flow = Assert.Single(contents.Flows, flow => flow.Key == key);
        Assert.Equal((key, _table[key].BornNs, totals), (flow.Key, flow.BornNs, flow.Attributed));
        var link = Assert.Single(contents.Links);
        Assert.Equal((_names.LinkOf(65535, Role.Server), totals, _table[key].Levels), (link.Link, link.Totals, link.Levels));
        Assert.Equal(contents.Identity.Sequence, link.Sequence);
    }

    [Fact]
    public void Owners_are_kept_although_they_are_not_part_of_a_links_identity()
    {
        var link = new NetworkLink(new Workload("a", "b", "c", "owner"), new Workload("d", "e", "f", "other owner"), 1, Role.Client);
        _names.Fixed = link;
        _table.Count(FakeFlowTable.KeyOf(80), 1);
        using var store = Open();
        Poll(store);
        var read = Assert.Single(store.Load()!.Links).Link;
        Assert.Equal(("owner", "other owner"), (read.Client.Owner, read.Server.Owner));
    }

    [Fact]
    public void Later_commits_update_delete_and_drop()
    {
        using var store = Open();
        using var expected = new FakeLedgerStore();
        var (first, second) = (FakeFlowTable.KeyOf(80), FakeFlowTable.KeyOf(81));
        _table.Count(first, 100);
        _table.Count(second, 50);
        Poll(store, expected);
        _table.Count(first, 1);
        Poll(store, expected);
        _table.Lose(second);
        _table.Count(second, 5);
        Poll(store, expected);
        _ledger.Renew("node", Guid.NewGuid(), LossReason.NodeRenamed);
        _table.Count(second, 6);
        Poll(store, expected);
        _ledger.ForgetFlows();
        _ledger.Carry([new SocketAccount { Cookie = 3 }], detached: true);
        Poll(store, expected);
        _ledger.Carry([], detached: false);
        Poll(store, expected);
    }

    [Fact]
    public void What_waits_for_a_name_is_kept_with_its_ends_and_times()
    {
        var pod = Guid.NewGuid();
        var ends = new LinkEnds(pod, true, Address.Parse("10.1.2.3"), Address.Parse("2001:db8::1"), 65535, Role.Server);
        var names = new FakeNames { HiddenWaits = true };
        names.Hide(80);
        using var store = Open();
        _table.Count(FakeFlowTable.KeyOf(80), 100);
        _table.Fold();
        _ledger.BeginPoll();
        _table.Read((in FlowRecord flow) => _ledger.Account(flow, names));
        var change = _ledger.EndPoll(Now, names);
        store.Commit(change);
        _ledger.Committed();

        var row = Assert.Single(store.Load()!.Waiting);
        var key = FakeFlowTable.KeyOf(80);
        Assert.Equal(100UL, row.Totals.SentBytes);
        Assert.Equal(
            new LinkEnds(Guid.Empty, false, new Address(key.LocalAddress), new Address(key.RemoteAddress), 80, key.Role), row.Ends);
        Assert.Equal(ends, LinkEndsBlob.Read(LinkEndsBlob.Write(ends, new byte[LinkEndsBlob.Size])));

        var clock = new BootClock(_time);
        _time.Pass(TimeSpan.FromHours(1)); // another process, later
        Assert.Equal(5_000_000_000, new BootClock(_time).ToMonotonicNs(clock.ToWallMs(5_000_000_000)));
    }

    [Fact]
    public void A_ledger_of_version_1_is_looked_at_as_it_is_and_gets_the_tables_it_lacks_when_it_is_opened()
    {
        using (var store = Open())
        {
            _table.Count(FakeFlowTable.KeyOf(80), 100);
            Poll(store);
        }

        Execute("DROP TABLE waiting; DROP TABLE epoch; PRAGMA user_version = 1;");
        Assert.Empty(LedgerFile.ReadAll(_folder.Path).Waiting);
        Assert.Empty(LedgerFile.ReadAll(_folder.Path).Epochs);
        using var again = Open();
        Assert.Equal(100UL, Assert.Single(again.Load()!.Links).Totals.SentBytes);
        _ledger.BeginEpoch(7);
        Poll(again);
        Assert.Equal(new LedgerEpoch(7, 1), Assert.Single(again.Load()!.Epochs));
    }

    [Fact]
    public void A_ledger_of_version_2_gets_the_table_of_epochs()
    {
        Open().Dispose();
        Execute("DROP TABLE epoch; PRAGMA user_version = 2;");
        using var again = Open();
        _ledger.BeginEpoch(ulong.MaxValue);
        Poll(again);
        Assert.Equal(new LedgerEpoch(ulong.MaxValue, 0), Assert.Single(again.Load()!.Epochs));
    }

    [Fact]
    public void Each_process_that_takes_it_up_is_remembered_with_what_there_was_then_until_another_incarnation_begins()
    {
        using var store = Open();
        _ledger.BeginEpoch(7);
        _table.Count(FakeFlowTable.KeyOf(80), 100);
        Poll(store);
        var next = new NodeLedger(store.Load()!, maxLinks: 100);
        next.BeginEpoch(9);
        store.Commit(next.Prepare(Now));
        next.Committed();
        Assert.Equal([new LedgerEpoch(7, 0), new LedgerEpoch(9, 1)], store.Load()!.Epochs);
        Assert.Equal(store.Load()!.Epochs, next.Epochs);

        next.Renew("node", Guid.NewGuid(), LossReason.NodeRenamed);
        store.Commit(next.Prepare(Now));
        next.Committed();
        Assert.Equal(new LedgerEpoch(9, 1), Assert.Single(store.Load()!.Epochs));
        Assert.Equal(store.Load()!.Epochs, next.Epochs);
    }

    [Fact]
    public void Only_so_many_epochs_are_remembered()
    {
        using var store = Open();
        _ledger.BeginEpoch(1);
        Poll(store);
        Execute($"""
            WITH RECURSIVE more(row) AS (SELECT 2 UNION ALL SELECT row + 1 FROM more WHERE row < {NodeLedger.MaxEpochs})
            INSERT INTO epoch SELECT row, row, 0 FROM more;
            """);
        var next = new NodeLedger(store.Load()!, maxLinks: 100);
        Assert.Equal(NodeLedger.MaxEpochs, next.Epochs.Count);
        next.BeginEpoch(ulong.MaxValue);
        store.Commit(next.Prepare(Now));
        next.Committed();
        Assert.Equal((NodeLedger.MaxEpochs, 2UL, ulong.MaxValue), (next.Epochs.Count, next.Epochs[0].Id, next.Epochs[^1].Id));
        Assert.Equal(next.Epochs, store.Load()!.Epochs);
    }

    [Fact]
    public void A_change_whose_commit_failed_may_be_committed_again()
    {
        using var store = Open();
        _table.Count(FakeFlowTable.KeyOf(80), 100);
        Read();
        var change = _ledger.EndPoll(Now, _names);
        store.Commit(change);
        store.Commit(change); // the first one took place, but nobody knew
        Assert.Equal(100UL, Assert.Single(store.Load()!.Links).Totals.SentBytes);
        Assert.Single(store.Load()!.Flows);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("flow")]
    [InlineData("link")]
    [InlineData("carried")]
    public void A_commit_that_fails_half_way_leaves_what_was_there_and_the_next_one_succeeds(string table)
    {
        using var store = Open();
        _table.Count(FakeFlowTable.KeyOf(80), 100);
        Poll(store);
        var before = store.Load()!;

        using (var saboteur = new Sabotage(File, table))
        {
            _table.Count(FakeFlowTable.KeyOf(80), 1);
            _table.Count(FakeFlowTable.KeyOf(81), 20);
            _ledger.Carry([new SocketAccount { Cookie = 3 }], detached: false);
            Read();
            Assert.Throws<SqliteException>(() => store.Commit(_ledger.EndPoll(Now, _names)));
            AssertSame(before, store.Load()!);
        }

        store.Commit(_ledger.Prepare(Now));
        Assert.Equal(121UL, store.Load()!.Links.Aggregate(0UL, (sum, link) => sum + link.Totals.SentBytes));
    }

    [Fact]
    public void A_row_that_should_be_there_and_is_not_fails_the_commit()
    {
        using var store = Open();
        _table.Count(FakeFlowTable.KeyOf(80), 100);
        Poll(store);
        Execute("DELETE FROM link");
        _table.Count(FakeFlowTable.KeyOf(80), 1);
        Assert.Throws<SqliteException>(() => Poll(store));
        Assert.Equal(100UL, Assert.Single(store.Load()!.Flows).Attributed.SentBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_process_killed_while_it_commits_leaves_everything_or_nothing(bool committed)
    {
        using (var store = Open())
        {
            _table.Count(FakeFlowTable.KeyOf(80), 100);
            Poll(store);
        }

        // What a kill leaves is the files as they are, the write-ahead log included: a copy taken at that moment.
        using var killed = new TempFolder();
        using (var writer = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            writer.Open();
            using var command = writer.CreateCommand();
            command.CommandText = "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; "
                + "UPDATE link SET sent = 7; UPDATE flow SET sent = 7;"
                + (committed ? " COMMIT;" : "");
            command.ExecuteNonQuery();
            foreach (var file in Directory.EnumerateFiles(_folder.Path, LedgerFile.FileName + "*"))
            {
                System.IO.File.Copy(file, Path.Combine(killed.Path, Path.GetFileName(file)));
            }
        }

        using var survivor = LedgerStore.Open(killed.Path, _time);
        Assert.Null(survivor.SetAside);
        var contents = survivor.Load()!;
        var expected = committed ? 7UL : 100UL;
        Assert.Equal(expected, Assert.Single(contents.Links).Totals.SentBytes);
        Assert.Equal(expected, Assert.Single(contents.Flows).Attributed.SentBytes);
    }

    [Fact]
    public void A_second_agent_is_refused_and_told_why_and_the_first_is_not_disturbed()
    {
        using var first = Open();
        var refused = Assert.Throws<BadStartException>(() => Open());
        Assert.Contains("Another agent uses the ledger", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
        _table.Count(FakeFlowTable.KeyOf(80), 100);
        Poll(first);
    }

    [Fact]
    public void The_ledger_is_free_again_once_its_agent_is_gone()
    {
        Open().Dispose();
        using var next = Open();
        Assert.Null(next.Load());
    }

    [Fact]
    public void One_may_look_at_the_ledger_of_a_running_agent()
    {
        using var store = Open();
        _table.Count(FakeFlowTable.KeyOf(80), 100);
        Poll(store);
        Assert.Equal(100UL, Assert.Single(LedgerFile.ReadAll(_folder.Path).Links).Totals.SentBytes);
    }

    public void Dispose()
    {
        _table.Dispose();
        _folder.Dispose();
    }

    private static void AssertSame(LedgerContents expected, LedgerContents actual)
    {
        Assert.Equal(expected.Identity, actual.Identity);
        Assert.Equal(expected.Flows.OrderBy(row => row.Row), actual.Flows.OrderBy(row => row.Row));
        Assert.Equal(expected.Links.OrderBy(row => row.Row), actual.Links.OrderBy(row => row.Row));
        Assert.Equal(expected.Carried, actual.Carried);
        Assert.Equal(expected.Waiting.OrderBy(row => row.Row), actual.Waiting.OrderBy(row => row.Row));
    }

    private LedgerStore Open() => LedgerStore.Open(_folder.Path, _time);

    private void Read()
    {
        _table.Fold();
        _ledger.BeginPoll();
        _table.Read((in FlowRecord flow) => _ledger.Account(flow, _names));
    }

    private void Poll(LedgerStore store, FakeLedgerStore? expected = null)
    {
        Read();
        var change = _ledger.EndPoll(Now, _names);
        store.Commit(change);
        expected?.Commit(change);
        _ledger.Committed();
        if (expected is not null)
        {
            AssertSame(expected.Load()!, store.Load()!);
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Makes every write to one of the ledger's tables fail.</summary>
    private sealed class Sabotage : IDisposable
    {
        private readonly string _file;

        public Sabotage(string file, string table)
        {
            _file = file;
            Execute($"CREATE TRIGGER no_insert BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'sabotaged'); END;");
        }

        public void Dispose() => Execute("DROP TRIGGER no_insert;");

        private void Execute(string sql)
        {
            using var connection = new SqliteConnection($"Data Source={_file};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
