using System.Runtime.InteropServices;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Caretta.Node.Ledger;

/// <summary>The ledger in one SQLite file: one transaction a poll, synchronised to the disk before it returns.</summary>
public sealed class LedgerStore : ILedgerStore
{
    private const string InsertFlowSql = $"INSERT OR REPLACE INTO flow (row, leaving, {LedgerSchema.Totals}, key, born_ns) VALUES (?,?, ?,?,?,?,?,?,?,?,?,?,?, ?,?)";
    private const string InsertLinkSql =
        "INSERT OR REPLACE INTO link (row, client_namespace, client_kind, client_name, client_owner, "
        + "server_namespace, server_kind, server_name, server_owner, server_port, role, "
        + $"sequence, levels, {LedgerSchema.Totals}) VALUES (?, ?,?,?,?, ?,?,?,?, ?,?, ?,?, ?,?,?,?,?,?,?,?,?,?,?)";

    private const string SaveWaitingSql = $"INSERT OR REPLACE INTO waiting (row, ends, first_ms, last_ms, {LedgerSchema.Totals}) VALUES (?,?,?,?, ?,?,?,?,?,?,?,?,?,?,?)";

    private static readonly string UpdateFlowSql = $"UPDATE flow SET leaving = ?2, {Assign(3)} WHERE row = ?1";
    private static readonly string UpdateLinkSql = $"UPDATE link SET sequence = ?2, levels = ?3, {Assign(4)} WHERE row = ?1";

    private readonly FileStream _lock;
    private readonly SqliteConnection _connection;
    private readonly BootClock _clock;
    private readonly List<PreparedStatement> _statements = [];
    private readonly PreparedStatement _begin;
    private readonly PreparedStatement _commit;
    private readonly PreparedStatement _identity;
    private readonly PreparedStatement _insertFlow;
    private readonly PreparedStatement _updateFlow;
    private readonly PreparedStatement _deleteFlow;
    private readonly PreparedStatement _dropFlows;
    private readonly PreparedStatement _insertLink;
    private readonly PreparedStatement _updateLink;
    private readonly PreparedStatement _dropLinks;
    private readonly PreparedStatement _saveWaiting;
    private readonly PreparedStatement _deleteWaiting;
    private readonly PreparedStatement _dropCarried;
    private readonly PreparedStatement _insertCarried;
    private readonly PreparedStatement _dropEpochs;
    private readonly PreparedStatement _insertEpoch;
    private readonly PreparedStatement _forgetEpochs;

    private LedgerStore(FileStream exclusive, SqliteConnection connection, string? setAside, BootClock clock)
    {
        (_lock, _connection, SetAside, _clock) = (exclusive, connection, setAside, clock);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _identity = Prepare("INSERT OR REPLACE INTO identity VALUES (1,?,?,?,?,?,?,?,?,?)");
        _insertFlow = Prepare(InsertFlowSql);
        _updateFlow = Prepare(UpdateFlowSql);
        _deleteFlow = Prepare("DELETE FROM flow WHERE row = ?");
        _dropFlows = Prepare("DELETE FROM flow");
        _insertLink = Prepare(InsertLinkSql);
        _updateLink = Prepare(UpdateLinkSql);
        _dropLinks = Prepare("DELETE FROM link");
        _saveWaiting = Prepare(SaveWaitingSql);
        _deleteWaiting = Prepare("DELETE FROM waiting WHERE row = ?");
        _dropCarried = Prepare("DELETE FROM carried");
        _insertCarried = Prepare("INSERT INTO carried VALUES (?)");
        _dropEpochs = Prepare("DELETE FROM epoch");
        _insertEpoch = Prepare("INSERT INTO epoch (id, sequence) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT * FROM epoch WHERE id = ?1)");
        _forgetEpochs = Prepare("DELETE FROM epoch WHERE row <= (SELECT max(row) FROM epoch) - ?");
    }

    /// <summary>Where a file that could not be read was moved; null if there was none.</summary>
    public string? SetAside { get; }

    /// <exception cref="BadStartException">The folder cannot be written, or another agent uses it.</exception>
    public static LedgerStore Open(string folder, TimeProvider time)
    {
        var exclusive = LedgerLock.Take(folder);
        try
        {
            var (connection, setAside) = LedgerFile.Open(folder, time);
            return new LedgerStore(exclusive, connection, setAside, new BootClock(time));
        }
        catch
        {
            exclusive.Dispose();
            throw;
        }
    }

    public LedgerContents? Load() => LedgerReader.Read(_connection, _clock);

    public void Commit(LedgerChange change)
    {
        _begin.Execute();
        try
        {
            Write(change);
            _commit.Execute();
        }
        catch
        {
            // Some errors have ended the transaction already; there is nothing to roll back then.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                _ = raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
            }

            throw;
        }
    }

    public void Dispose()
    {
        _statements.ForEach(statement => statement.Dispose());
        _connection.Dispose();
        _lock.Dispose();
    }

    private static string Assign(int first) =>
        string.Join(", ", LedgerSchema.Totals.Split(", ").Select((column, i) => $"{column} = ?{first + i}"));

    private PreparedStatement Prepare(string sql)
    {
        var statement = new PreparedStatement(_connection.Handle!, sql);
        _statements.Add(statement);
        return statement;
    }

    private void Write(LedgerChange change)
    {
        if (change.DropAllFlows)
        {
            _dropFlows.Execute();
        }

        if (change.DropAllLinks)
        {
            _dropLinks.Execute();
            _dropEpochs.Execute();
        }

        Write(change.Identity);
        foreach (var flow in change.ChangedFlows)
        {
            Write(flow);
        }

        foreach (var row in change.DeletedFlowRows)
        {
            _deleteFlow.Bind(1, row).Execute();
        }

        foreach (var link in change.ChangedLinks)
        {
            Write(link);
        }

        foreach (var row in change.ChangedWaiting.Where(row => !row.Gone))
        {
            Write(row);
        }

        foreach (var row in change.DeletedWaitingRows)
        {
            _deleteWaiting.Bind(1, row).Execute();
        }

        if (change.Carried is { } carried)
        {
            Write(carried);
        }

        if (change.NewEpoch is var (id, sequence))
        {
            _insertEpoch.Bind(1, id).Bind(2, sequence).Execute();
            _forgetEpochs.Bind(1, Ledger.MaxEpochs).Execute();
        }
    }

    private void Write(LedgerIdentity identity) => _identity
        .Bind(1, identity.NodeName)
        .Bind(2, identity.Incarnation.ToByteArray())
        .Bind(3, identity.BootId)
        .Bind(4, identity.TableId.ToByteArray())
        .Bind(5, identity.Sequence)
        .Bind(6, identity.Detached ? 1L : 0L)
        .Bind(7, identity.AdoptBornUntilNs)
        .Bind(8, (long)identity.AdoptReason)
        .Bind(9, identity.LastPoll.ToUnixTimeMilliseconds())
        .Execute();

    private void Write(LedgerFlow flow)
    {
        var statement = flow.Stored ? _updateFlow : _insertFlow;
        statement.Bind(1, flow.Row).Bind(2, flow.Leaving ? 1L : 0L);
        BindTotals(statement, 3, flow.Attributed);
        if (!flow.Stored)
        {
            statement.Bind(3 + LedgerSchema.TotalsCount, FlowKey.AsBytes(flow.Key)).Bind(4 + LedgerSchema.TotalsCount, flow.BornNs);
        }

        ExecuteOne(statement, "flow", flow.Row);
    }

    private void Write(LedgerLink link)
    {
        if (!link.Stored)
        {
            Insert(link);
            return;
        }

        _updateLink.Bind(1, link.Row).Bind(2, link.Sequence).Bind(3, LevelsBlob.Write(link.Levels, stackalloc byte[LevelsBlob.MaxSize]));
        BindTotals(_updateLink, 4, link.Totals);
        ExecuteOne(_updateLink, "link", link.Row);
    }

    private void Insert(LedgerLink link)
    {
        var (client, server) = (link.Link.Client, link.Link.Server);
        _insertLink
            .Bind(1, link.Row)
            .Bind(2, client.Namespace).Bind(3, client.Kind).Bind(4, client.Name).Bind(5, client.Owner)
            .Bind(6, server.Namespace).Bind(7, server.Kind).Bind(8, server.Name).Bind(9, server.Owner)
            .Bind(10, link.Link.ServerPort).Bind(11, (long)link.Link.Role)
            .Bind(12, link.Sequence).Bind(13, LevelsBlob.Write(link.Levels, stackalloc byte[LevelsBlob.MaxSize]));
        BindTotals(_insertLink, 14, link.Totals);
        ExecuteOne(_insertLink, "link", link.Row);
    }

    private void Write(WaitingRow row)
    {
        _saveWaiting.Bind(1, row.Row)
            .Bind(2, LinkEndsBlob.Write(row.Ends, stackalloc byte[LinkEndsBlob.Size]))
            .Bind(3, _clock.ToWallMs(row.FirstNs))
            .Bind(4, _clock.ToWallMs(row.LastNs));
        BindTotals(_saveWaiting, 5, row.Totals);
        _saveWaiting.Execute();
    }

    private void Write(IReadOnlyList<SocketAccount> carried)
    {
        _dropCarried.Execute();
        foreach (var account in carried)
        {
            _insertCarried.Bind(1, MemoryMarshal.AsBytes(new ReadOnlySpan<SocketAccount>(in account))).Execute();
        }
    }

    /// <summary>A row that should be there and is not would lose its counts in silence.</summary>
    private static void ExecuteOne(PreparedStatement statement, string table, long row)
    {
        if (statement.Execute() != 1)
        {
            throw new SqliteException($"Row {row} of the ledger's table {table} is missing.", raw.SQLITE_CORRUPT);
        }
    }

    private static void BindTotals(PreparedStatement statement, int first, in LinkTotals totals) => statement
        .Bind(first, totals.SentBytes)
        .Bind(first + 1, totals.ReceivedBytes)
        .Bind(first + 2, totals.PastSentBytes)
        .Bind(first + 3, totals.PastReceivedBytes)
        .Bind(first + 4, totals.Opened)
        .Bind(first + 5, totals.Closed)
        .Bind(first + 6, totals.Failed)
        .Bind(first + 7, totals.RetransmittedBytes)
        .Bind(first + 8, totals.RttMicroseconds)
        .Bind(first + 9, totals.RttSamples)
        .Bind(first + 10, totals.LifetimeMicroseconds);
}
