using Caretta.Node;
using Caretta.Node.Ledger;
using Caretta.Tests.Aggregator.Fakes;
using Microsoft.Data.Sqlite;
using NodeLedger = Caretta.Node.Ledger.Ledger;

namespace Caretta.Tests.Node.Ledger;

/// <summary>Files that cannot be used and folders that cannot be written: the operator is told, and no file is destroyed.</summary>
public sealed class BadLedgerFileSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero));

    private string Ledger => Path.Combine(_folder.Path, LedgerFile.FileName);

    [Fact]
    public void A_file_that_is_no_database_is_set_aside_and_a_new_one_begun()
    {
        File.WriteAllText(Ledger, "not a database, but somebody may want to read it");
        using var store = Open();
        Assert.Null(store.Load());
        Assert.Equal(Ledger + ".corrupt-20260301T123015Z", store.SetAside);
        Assert.Equal("not a database, but somebody may want to read it", File.ReadAllText(store.SetAside!));
    }

    [Fact]
    public void Its_companions_go_with_it_as_they_are()
    {
        using var killed = new TempFolder();
        LeftByAKill(killed.Path);
        var path = Path.Combine(killed.Path, LedgerFile.FileName);
        File.WriteAllText(path, new string('x', 200));
        var log = File.ReadAllBytes(path + "-wal");
        using var store = LedgerStore.Open(killed.Path, _time);
        Assert.Equal(log, File.ReadAllBytes(store.SetAside + "-wal"));
        Assert.True(File.Exists(store.SetAside + "-shm"));
        Assert.Null(store.Load());
    }

    [Fact]
    public void Looking_for_the_damage_does_not_write_the_log_into_the_damaged_file()
    {
        using var killed = new TempFolder();
        LeftByAKill(killed.Path);
        var path = Path.Combine(killed.Path, LedgerFile.FileName);
        var bytes = File.ReadAllBytes(path);
        Array.Fill(bytes, (byte)0xa5, 4096, bytes.Length - 4096);
        File.WriteAllBytes(path, bytes);
        var log = File.ReadAllBytes(path + "-wal");
        using var store = LedgerStore.Open(killed.Path, _time);
        Assert.Equal(bytes, File.ReadAllBytes(store.SetAside!));
        Assert.Equal(log, File.ReadAllBytes(store.SetAside + "-wal"));
    }

    [Fact]
    public void A_damaged_page_is_found_at_the_start()
    {
        Open().Dispose();
        var bytes = File.ReadAllBytes(Ledger);
        Array.Fill(bytes, (byte)0xa5, 4096, bytes.Length - 4096);
        File.WriteAllBytes(Ledger, bytes);
        using var store = Open();
        Assert.NotNull(store.SetAside);
        Assert.Equal(bytes, File.ReadAllBytes(store.SetAside!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-wal")]
    [InlineData("-shm")]
    public void A_file_set_aside_before_in_the_same_second_is_not_overwritten(string companion)
    {
        var taken = Ledger + ".corrupt-20260301T123015Z" + companion;
        File.WriteAllText(taken, "the first");
        File.WriteAllText(Ledger, "not a database, and longer than the header is");
        File.WriteAllText(Ledger + "-wal", "its log");
        File.WriteAllText(Ledger + "-shm", "its index");
        using var store = Open();
        Assert.Equal(Ledger + ".corrupt-20260301T123015Z-2", store.SetAside);
        Assert.Equal("the first", File.ReadAllText(taken));
    }

    [Fact]
    public void A_ledger_of_a_newer_version_is_refused_and_kept()
    {
        Open().Dispose();
        using (var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var before = File.ReadAllBytes(Ledger);
        var refused = Assert.Throws<BadStartException>(() => Open());
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Start the newer agent again", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Ledger));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.corrupt-*"));
    }

    [Fact]
    public void An_agent_that_was_refused_lets_go_of_the_lock()
    {
        Directory.CreateDirectory(Ledger); // a folder where the file should be
        Assert.Throws<BadStartException>(() => Open());
        Directory.Delete(Ledger);
        Open().Dispose();
    }

    [Theory]
    [InlineData("file")]
    [InlineData("/proc/caretta")]
    public void A_folder_that_cannot_be_written_is_named_and_the_setting_too(string folder)
    {
        var path = Path.Combine(_folder.Path, folder);
        if (!Path.IsPathRooted(folder))
        {
            File.WriteAllText(path, "in place of the folder");
        }

        var refused = Assert.Throws<BadStartException>(() => LedgerStore.Open(path, _time));
        Assert.Contains($"The data folder {path} is not writable", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Caretta:Node:DataFolder", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A ledger as a kill leaves it: the tables in its file, what came after in its log.</summary>
    private void LeftByAKill(string folder)
    {
        Open().Dispose(); // a clean stop empties the log into the file
        using var store = Open();
        store.Commit(new NodeLedger(new LedgerIdentity("node", Guid.NewGuid(), "boot", Guid.NewGuid()), maxLinks: 1).Prepare(default));
        foreach (var file in Directory.EnumerateFiles(_folder.Path, LedgerFile.FileName + "*"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private LedgerStore Open() => LedgerStore.Open(_folder.Path, _time);
}
