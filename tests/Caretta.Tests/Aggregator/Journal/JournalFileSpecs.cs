using Caretta.Aggregator;
using Caretta.Aggregator.Journal;
using Caretta.Tests.Aggregator.Fakes;
using Microsoft.Data.Sqlite;

namespace Caretta.Tests.Aggregator.Journal;

public sealed class JournalFileSpecs : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 30, 15, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "journal.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_does_not_exist_is_made()
    {
        var folder = Path.Combine(_folder.Path, "a", "b");
        using var journal = JournalFile.Open(folder, shardCount: 64, Now);
        Assert.True(System.IO.File.Exists(Path.Combine(folder, "journal.db")));
    }

    [Fact]
    public void A_file_that_is_no_database_is_set_aside_unchanged_and_the_next_start_begins_a_new_one()
    {
        var bytes = "this was a journal once, until somebody wrote a letter into it"u8.ToArray();
        System.IO.File.WriteAllBytes(File, bytes);

        var refusal = Assert.Throws<StartRefusedException>(() => Open());
        var aside = File + ".corrupt-20260301T123015Z";
        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(aside, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(aside));

        Open().Dispose();
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(aside));
    }

    [Fact]
    public void A_damaged_database_is_set_aside_with_its_log_and_not_written_to()
    {
        FillThenDamage();
        var damaged = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllText(File + "-wal", "");
        Assert.Throws<StartRefusedException>(() => Open());

        Assert.Equal(damaged, System.IO.File.ReadAllBytes(File + ".corrupt-20260301T123015Z"));
        Assert.All(
            System.IO.Directory.GetFiles(_folder.Path, "journal.db*"), file => Assert.Contains(".corrupt-", file, StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_set_aside_before_is_never_overwritten()
    {
        System.IO.File.WriteAllText(File, "the first journal that was damaged, with the totals of March in it");
        Assert.Throws<StartRefusedException>(() => Open());
        System.IO.File.WriteAllText(File, "the second one, damaged within the same second as the first one was");
        Assert.Throws<StartRefusedException>(() => Open());

        var kept = System.IO.Directory.GetFiles(_folder.Path, "*.corrupt-*").Select(System.IO.File.ReadAllText);
        Assert.Equal(2, kept.Distinct().Count());
    }

    [Fact]
    public void A_second_process_on_the_same_folder_is_refused_and_told_why()
    {
        using var first = Open();
        var refusal = Assert.Throws<StartRefusedException>(() => Open());
        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another aggregator", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_is_free_again_once_the_first_has_ended_or_was_refused()
    {
        Open().Dispose();
        Assert.Throws<StartRefusedException>(() => JournalFile.Open(_folder.Path, shardCount: 32, Now));
        Open().Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named_with_its_setting()
    {
        var occupied = Path.Combine(_folder.Path, "occupied");
        System.IO.File.WriteAllText(occupied, "a file where the folder should be");
        var refusal = Assert.Throws<StartRefusedException>(() => JournalFile.Open(occupied, shardCount: 64, Now));
        Assert.Contains(occupied, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Caretta:Aggregator:DataFolder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_a_file_system_that_takes_no_files_is_named_as_well()
    {
        var refusal = Assert.Throws<StartRefusedException>(() => JournalFile.Open("/proc/caretta", shardCount: 64, Now));
        Assert.Contains("/proc/caretta", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_of_another_shard_count_is_refused_and_stays_as_it_is()
    {
        Open().Dispose();
        var refusal = Assert.Throws<StartRefusedException>(() => JournalFile.Open(_folder.Path, shardCount: 32, Now));
        Assert.Contains("64", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("32", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(System.IO.Directory.GetFiles(_folder.Path, "*.corrupt-*"));
    }

    private JournalFile Open() => JournalFile.Open(_folder.Path, shardCount: 64, Now);

    /// <summary>A page in the middle is overwritten, the header is left as it was.</summary>
    private void FillThenDamage()
    {
        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE journal (number INTEGER PRIMARY KEY, message BLOB);
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                INSERT INTO journal SELECT i, randomblob(500) FROM n;
                """;
            command.ExecuteNonQuery();
        }

        using var file = System.IO.File.OpenWrite(File);
        file.Position = file.Length / 2 / 4096 * 4096;
        file.Write(new byte[4096]);
    }
}
