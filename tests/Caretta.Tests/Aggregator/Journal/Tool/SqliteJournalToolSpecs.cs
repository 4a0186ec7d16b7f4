using Caretta.Aggregator.Journal.Tool;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Tool;

/// <summary>What is so only of a file, and the process as a whole.</summary>
public sealed class SqliteJournalToolSpecs : JournalToolKit
{
    private readonly SqlitePlace _place;

    public SqliteJournalToolSpecs()
        : this(new SqlitePlace())
    {
    }

    private SqliteJournalToolSpecs(SqlitePlace place)
        : base(place, new SqlitePlace()) => _place = place;

    [Fact]
    public async Task A_folder_without_a_journal_is_named_and_gets_none()
    {
        Assert.All(
            [await RefusedAsync(Journal, "list"), await RefusedAsync(Journal, "verify"), await RefusedAsync(Journal, "purge", "17")],
            refusal => Assert.Contains("There is no journal " + _place.File, refusal, StringComparison.Ordinal));
        Assert.False(System.IO.File.Exists(_place.File));
    }

    [Fact]
    public async Task A_damaged_file_is_told_of_and_not_touched()
    {
        await FillAsync(Journal);
        var page = (int)Journal.Ask("SELECT rootpage FROM sqlite_master WHERE name = 'journal'") - 1;
        await using (var file = System.IO.File.OpenWrite(_place.File))
        {
            file.Position = page * 4096L;
            file.Write(new byte[4096]);
        }

        var damaged = await System.IO.File.ReadAllBytesAsync(_place.File, Cancel);
        Assert.Contains("The file is damaged", await RunAsync(Journal, 1, "verify"), StringComparison.Ordinal);
        Assert.Equal(damaged, await System.IO.File.ReadAllBytesAsync(_place.File, Cancel));
    }

    [Fact]
    public async Task What_was_not_committed_when_the_tool_died_is_not_there()
    {
        await FillAsync(Journal);
        await using (var writer = await SqliteWriter.OpenAsync(Path.GetDirectoryName(_place.File)!, Cancel))
        {
            await writer.BeginAsync(Cancel);
            await writer.Tables.AppendAsync("shard-5", 4, [], "links-expired-1", 7117, DateTimeOffset.UnixEpoch, Cancel);
        }

        Assert.Contains("3 events and 0 snapshots up to 3", await RunAsync(Journal, 0, "verify"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_takes_no_name_that_is_taken()
    {
        await FillAsync(Journal);
        await System.IO.File.WriteAllTextAsync(File("kept"), "yesterday's", Cancel);
        Assert.Contains("it exists", await RefusedAsync(Journal, "export", File("kept")), StringComparison.Ordinal);
        Assert.Equal("yesterday's", await System.IO.File.ReadAllTextAsync(File("kept"), Cancel));
    }

    [Fact]
    public async Task The_process_answers_with_its_exit_code_and_one_message()
    {
        await FillAsync(Journal);
        var (code, output, error) = await AggregatorProcess.RunAsync(["journal", "verify", .. Journal.Switches]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("nothing wrong", output, StringComparison.Ordinal);
        (code, output, error) = await AggregatorProcess.RunAsync(["journal", "purge", "17", .. Journal.Switches]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("holds no link 17", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        (code, _, error) = await AggregatorProcess.RunAsync("journal", "verify", "--journal=PostgreSql", "--postgre-sql=Host=h;Database=d;Username=u;Password=s3cret");
        Assert.Equal(1, code);
        Assert.Contains("PostgreSqlPasswordFile", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", 0, "import", "--postgre-sql")]
    [InlineData("export --help", 0, "FILE", "--as-is")]
    [InlineData("list --htp-port=3", 1, "--htp-port", "Usage")]
    [InlineData("erase", 1, "erase", "Usage")]
    [InlineData("list -o yaml", 1, "yaml", "json")]
    public async Task Help_is_given_and_what_is_not_understood_is_named(string args, int exitCode, params string[] told)
    {
        var output = new StringWriter();
        Assert.Equal(exitCode, await JournalCommand.RunAsync(["journal", .. args.Split(' ')], output, output, Cancel));
        Assert.All(told, word => Assert.Contains(word, output.ToString(), StringComparison.Ordinal));
    }
}
