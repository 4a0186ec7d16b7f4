using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Tool;

/// <summary>Each kind of damage, made past the product.</summary>
public class VerifySpecs : JournalToolKit
{
    public VerifySpecs()
        : this(new SqlitePlace(), new SqlitePlace())
    {
    }

    private protected VerifySpecs(JournalPlace journal, JournalPlace another)
        : base(journal, another)
    {
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "UPDATE journal SET message = {garbage} WHERE sequence_number = 2 RETURNING 1", "Event 2 (links-advanced-1) cannot be read" },
        { "UPDATE journal SET manifest = 'links-advanced-9' WHERE sequence_number = 2 RETURNING 1", "no 'links-advanced-9'" },
        { "UPDATE journal SET identifier = 1 WHERE sequence_number = 2 RETURNING 1", "Event 2 is of serializer 1" },
        { "UPDATE journal SET manifest = 'shard-1', message = {empty} WHERE sequence_number = 2 RETURNING 1", "Event 2 holds no event" },
        { "DELETE FROM journal WHERE sequence_number = 1 RETURNING 1", "Event 1 is missing" },
        { "DELETE FROM journal WHERE sequence_number < 3 RETURNING 1", "Events 1 to 2 are missing" },
        { "DELETE FROM journal WHERE sequence_number = 3 RETURNING 1", "head is 3, and the last row is 2: the rows after it are lost" },
        { "DELETE FROM journal RETURNING 1", "head is 3, and the last row is 0" },
        { "UPDATE head SET sequence_number = 2 RETURNING 1", "head is 2, and the last row is 3" },
        { "DELETE FROM head RETURNING 1", "head is missing" },
        { "UPDATE journal SET persistence_id = 'shard-6' RETURNING 1", "belongs to shard 5, not to 6" },
        { "UPDATE journal SET persistence_id = 'shard-64' RETURNING 1", "There is no such ledger" },
        { "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES ('shard-5', 3, 0, {garbage}, 'shard-1', 7117) RETURNING 1", "Snapshot 3 (shard-1) cannot be read" },
        { "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES ('shard-5', 1, 0, {empty}, 'links-advanced-1', 7117) RETURNING 1", "Snapshot 1 holds no snapshot" },
        { "INSERT INTO journal (persistence_id, sequence_number, created, deleted, message, manifest, identifier) VALUES ('shard-5', 4, 0, FALSE, {absurd}, 'links-advanced-1', 7117) RETURNING 1", "beyond any traffic" },
        { "INSERT INTO journal (persistence_id, sequence_number, created, deleted, message, manifest, identifier) VALUES ('shard-5', 4, 0, FALSE, {expired}, 'links-expired-1', 7117) RETURNING 1", "expires without being held" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Damage_is_found_and_named_and_the_exit_code_says_so(string sql, string finding)
    {
        await FillAsync(Journal);
        Assert.Contains("shard-5: ok, 3 links of 2 sources, 3 events and 0 snapshots up to 3", await RunAsync(Journal, 0, "verify"), StringComparison.Ordinal);
        var absurd = new LinksAdvanced(DateTimeOffset.UnixEpoch, [new LinkAdvance(Links[0], new Contributor(NodeA), Traffic.Totals(1UL << 60))], []);
        var expired = new LinksExpired(DateTimeOffset.UnixEpoch, [Links[7].Id]);
        var serializer = new JournalSerializer(null!);
        Assert.Equal(1, Journal.Ask(sql
            .Replace("{garbage}", Journal.Bytes([0xFF, 0xFF]), StringComparison.Ordinal)
            .Replace("{empty}", Journal.Bytes([]), StringComparison.Ordinal)
            .Replace("{absurd}", Journal.Bytes(serializer.ToBinary(absurd)), StringComparison.Ordinal)
            .Replace("{expired}", Journal.Bytes(serializer.ToBinary(expired)), StringComparison.Ordinal)));

        var report = await RunAsync(Journal, 1, "verify");
        Assert.Contains("DAMAGED", report, StringComparison.Ordinal);
        Assert.Contains(finding, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_ledger_is_exported_only_when_told_so_and_then_as_far_as_it_can_be_read()
    {
        await FillAsync(Journal);
        Journal.Ask("DELETE FROM journal WHERE sequence_number = 2 RETURNING 1");
        var refusal = await RefusedAsync(Journal, "export", File("export"));
        Assert.Contains("Event 2 is missing. journal verify", refusal, StringComparison.Ordinal);
        Assert.Empty(System.IO.Directory.GetFiles(Path.GetDirectoryName(File("export"))!));
        Assert.Contains("Event 2 is missing", await RunAsync(Journal, 0, "export", "--as-is", File("export")), StringComparison.Ordinal);
        await RunAsync(Another, 0, "import", File("export"));
        await using var recovered = new RecoveredShard(Another);
        await recovered.OpenAsync(NodeA);
        Assert.Equal(Traffic.Totals(100), recovered.Shown(Links[0]));
    }

    [Fact]
    public async Task What_snapshots_have_made_needless_is_no_gap()
    {
        await using (var member = new RecoveredShard(Journal, snapshotEvery: 2))
        {
            for (var watermark = 1UL; watermark <= 20; watermark++)
            {
                await member.ReportAsync(NodeA, watermark, Traffic.Report(Links[0], watermark, watermark));
            }

            // They are deleted by and by.
            while (Journal.Ask("SELECT MIN(sequence_number) FROM journal") == 1)
            {
                await member.OpenAsync(NodeA);
            }
        }

        Assert.Contains("shard-5: ok", await RunAsync(Journal, 0, "verify"), StringComparison.Ordinal);
    }
}
