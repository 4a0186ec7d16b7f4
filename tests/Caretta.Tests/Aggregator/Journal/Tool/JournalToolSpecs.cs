using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Tool;

/// <summary>What the one on call does with a journal, on a real one.</summary>
public class JournalToolSpecs : JournalToolKit
{
    public JournalToolSpecs()
        : this(new SqlitePlace(), new SqlitePlace())
    {
    }

    private protected JournalToolSpecs(JournalPlace journal, JournalPlace another)
        : base(journal, another)
    {
    }

    [Fact]
    public async Task What_was_exported_beside_a_running_member_is_after_an_import_what_a_real_recovery_finds()
    {
        var file = File("export");
        await using (var member = new RecoveredShard(Journal))
        {
            await member.ReportAsync(NodeA, 1, Traffic.Report(Links[0], 100), Traffic.Report(Links[1], 7));
            await member.ReportAsync(NodeB, 5, Traffic.Report(Links[0], 20, sequence: 5));
            await RunAsync(Journal, 0, "export", file);
            await member.ReportAsync(NodeA, 2, Traffic.Report(Links[0], 1_000_000, sequence: 2)); // after its moment
        }

        await RunAsync(Another, 0, "import", file);
        await using var recovered = new RecoveredShard(Another);
        Assert.Equal((1UL, 5UL), ((await recovered.OpenAsync(NodeA)).Sequence, (await recovered.OpenAsync(NodeB)).Sequence));
        Assert.Equal(Traffic.Totals(100) + Traffic.Totals(20), recovered.Shown(Links[0]));
        Assert.Equal(Traffic.Totals(7), recovered.Shown(Links[1]));
        await recovered.ReportAsync(NodeA, 2, Traffic.Report(Links[0], 1_000_000, sequence: 2)); // it goes on as if nothing had been
        await recovered.SettleAsync(Links[0]);
        Assert.Equal(1_000_020UL, recovered.Shown(Links[0])!.Value.SentBytes);
    }

    [Fact]
    public async Task Everything_a_shard_holds_goes_through_an_export_and_an_import_unchanged()
    {
        var owned = Links[1] with { Client = Links[1].Client with { Owner = "Helm/\"ä\"" } };
        var other = OverflowLinks.For(JournalledShard.Number, LinkSharding.DefaultShardCount, Role.Client);
        var held = new ShardSnapshot(
            [
                new StoredLink(Links[0], Expired: true, [new(new Contributor(NodeA), Traffic.Totals(5))]) { Retired = Traffic.Totals(1UL << 55) },
                new StoredLink(owned, Expired: false, []) { Retired = Traffic.Totals(3) },
                new StoredLink(other, Expired: false, [new(new Contributor(NodeB, Links[2].Id), Traffic.Totals((1UL << 54) + 1))]),
            ],
            [new(NodeA, ulong.MaxValue), new(NodeB, 0)])
        {
            Listened = TimeSpan.FromMilliseconds(123_456_789),
            HeardAt = new Dictionary<Source, TimeSpan> { [NodeA] = TimeSpan.FromMilliseconds(123_456_788), [NodeB] = TimeSpan.Zero },
            Retired = [Guid.NewGuid(), Guid.NewGuid()],
        };
        var file = await MakeExportAsync("made", held);
        await RunAsync(Journal, 0, "import", file);
        await RunAsync(Journal, 0, "verify");
        var contents = await ContentsAsync(Journal);
        Assert.Equal((await System.IO.File.ReadAllLinesAsync(file, Cancel))[1..^1].Select(line => line.Replace("\"sequence\":1,", "", StringComparison.Ordinal)), contents);
        await using (var member = new RecoveredShard(Journal))
        {
            await member.OpenAsync(NodeA);
            Assert.Null(member.Shown(Links[0])); // expired
            Assert.Equal(Traffic.Totals(3), member.Shown(owned));
        }

        Assert.Equal(contents, await ContentsAsync(Journal));
    }

    [Fact]
    public async Task Externals_that_have_links_of_their_own_have_them_after_an_import()
    {
        await FillAsync(Journal);
        var granted = new GrantsAdvanced(DateTimeOffset.FromUnixTimeSeconds(1000), [new GrantAdvance(7, [11, 12], [], [])]);
        Journal.Ask(
            "INSERT INTO journal (persistence_id, sequence_number, created, deleted, message, manifest, identifier) VALUES "
            + $"('external-grants', 1, 0, FALSE, {Journal.Bytes(new GrantsSerializer(null!).ToBinary(granted))}, 'grants-advanced-1', 7121) RETURNING 1");
        await RunAsync(Journal, 0, "export", File("export"));
        await RunAsync(Another, 0, "import", File("export"));
        var contents = await ContentsAsync(Another);
        Assert.Equal(await ContentsAsync(Journal), contents);
        Assert.Contains(contents, line => line.Contains("\"externals\":[\"11\",\"12\"],\"renewed\":[1000,1000]", StringComparison.Ordinal));
        var rows = Rows(Another);
        await RunAsync(Another, 0, "import", "--merge", File("export"));
        Assert.Equal(rows, Rows(Another));
    }

    [Fact]
    public async Task A_merge_takes_the_greater_total_and_what_was_merged_before_changes_nothing()
    {
        await FillAsync(Journal, sent: 100);
        await FillAsync(Another, sent: 50);
        await using (var ahead = new RecoveredShard(Another))
        {
            await ahead.ReportAsync(NodeB, 9, Traffic.Report(Links[0], 9_000, sequence: 9), Traffic.Report(Links[3], 4, sequence: 9));
        }

        var file = File("export");
        await RunAsync(Another, 0, "export", file);
        Assert.Contains("--merge", await RefusedAsync(Journal, "import", file), StringComparison.Ordinal);
        Assert.Equal(3, Rows(Journal));

        await RunAsync(Journal, 0, "import", "--merge", file);
        var (merged, rows) = (await ContentsAsync(Journal), Rows(Journal));
        Assert.Contains("all of it was there", await RunAsync(Journal, 0, "import", "--merge", file), StringComparison.Ordinal);
        Assert.Equal(rows, Rows(Journal));
        Assert.Equal(merged, await ContentsAsync(Journal));
        await using var recovered = new RecoveredShard(Journal);
        Assert.Equal(9UL, (await recovered.OpenAsync(NodeB)).Sequence);
        Assert.Equal(LinkTotals.Max(Traffic.Totals(102), Traffic.Totals(9_000)) + Traffic.Totals(100), recovered.Shown(Links[0]));
        Assert.Equal(Traffic.Totals(101), recovered.Shown(Links[1]));
        Assert.Equal(Traffic.Totals(4), recovered.Shown(Links[3]));
    }

    [Fact]
    public async Task A_link_that_was_purged_is_gone_and_who_still_reports_it_brings_back_his_own_totals()
    {
        await FillAsync(Journal);
        var told = await RunAsync(Journal, 0, "purge", Links[0].Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains("brings it back", told, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Links[0].Id} ", await RunAsync(Journal, 0, "list"), StringComparison.Ordinal);
        await RunAsync(Journal, 0, "verify");

        await using (var member = new RecoveredShard(Journal))
        {
            Assert.Equal(1UL, (await member.OpenAsync(NodeB)).Sequence);
            Assert.Null(member.Shown(Links[0]));
            Assert.Equal(Traffic.Totals(101), member.Shown(Links[1]));
            await member.ReportAsync(NodeB, 2, Traffic.Report(Links[0], 500, sequence: 2));
        }

        await using var again = new RecoveredShard(Journal);
        await again.OpenAsync(NodeB);
        Assert.Equal(Traffic.Totals(500), again.Shown(Links[0])); // without node-a's
    }

    [Fact]
    public async Task A_link_that_is_not_held_is_said_not_to_be()
    {
        await FillAsync(Journal);
        Assert.Contains("holds no link 17", await RefusedAsync(Journal, "purge", "17"), StringComparison.Ordinal);
        Assert.Equal(3, Rows(Journal));
    }

    [Fact]
    public async Task Beside_a_running_member_nothing_is_written_and_cause_and_remedy_are_named()
    {
        await FillAsync(Another);
        await RunAsync(Another, 0, "export", File("export"));
        await using var member = new RecoveredShard(Journal);
        await member.ReportAsync(NodeA, 1, Traffic.Report(Links[0], 100));
        foreach (var args in (string[][])[["import", "--merge", File("export")], ["purge", Links[0].Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]])
        {
            Assert.Matches("[Ss]top (every member|another aggregator)", await RefusedAsync(Journal, args));
        }

        Assert.Equal(1, Rows(Journal));
        await member.ReportAsync(NodeA, 2, Traffic.Report(Links[0], 200, sequence: 2));
        await RunAsync(Journal, 0, "verify");
    }

    [Fact]
    public async Task A_file_that_is_not_whole_or_not_of_this_version_is_refused_before_anything_is_written()
    {
        await FillAsync(Another);
        var file = File("export");
        await RunAsync(Another, 0, "export", file);
        var whole = await System.IO.File.ReadAllBytesAsync(file, Cancel);
        var text = System.Text.Encoding.UTF8.GetString(whole);
        var end = text.LastIndexOf("{\"type\":\"end\"", StringComparison.Ordinal);
        Assert.Contains("cut short", await RefusedWithAsync(whole[..end]), StringComparison.Ordinal);
        Assert.Contains("cut short", await RefusedWithAsync(whole[..^5]), StringComparison.Ordinal);
        Assert.Contains("cut short", await RefusedWithAsync(whole[..(end / 2)]), StringComparison.Ordinal);
        Assert.Contains("no caretta-journal", await RefusedWithAsync("{\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("version 2", await RefusedWithAsync(text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("checksum", await RefusedWithAsync(text.Replace("\"sentBytes\":\"100\"", "\"sentBytes\":\"101\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("has the id", await RefusedWithAsync(text.Replace("\"name\":\"client-", "\"name\":\"klient-", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Line 3", await RefusedWithAsync(text.Replace("\"watermark\"", "\"wasserstand\"", StringComparison.Ordinal)), StringComparison.Ordinal);

        await RunAsync(Journal, 0, "import", file); // it was empty all the time
        Assert.Equal(await ContentsAsync(Another), await ContentsAsync(Journal));

        Task<string> RefusedWithAsync(object changed)
        {
            System.IO.File.WriteAllBytes(File("changed"), changed as byte[] ?? System.Text.Encoding.UTF8.GetBytes((string)changed));
            return RefusedAsync(Journal, "import", File("changed"));
        }
    }

    [Fact]
    public async Task An_import_that_ended_half_way_left_whole_shards_and_is_completed_by_a_merge()
    {
        await FillAsync(Another);
        var file = File("export");
        await RunAsync(Another, 0, "export", file);
        await FillAsync(Journal, sent: 1);
        Journal.Ask("UPDATE journal SET manifest = 'links-advanced-9' WHERE sequence_number = 3 RETURNING 1");
        Assert.Contains("damaged and was left as it is", await RefusedAsync(Journal, "import", "--merge", file), StringComparison.Ordinal);
        Assert.Equal(3, Rows(Journal));
        Journal.Ask("UPDATE journal SET manifest = 'links-advanced-1' WHERE sequence_number = 3 RETURNING 1");
        await RunAsync(Journal, 0, "import", "--merge", file);
        Assert.Equal(await ContentsAsync(Another), await ContentsAsync(Journal));
    }

    [Fact]
    public async Task Links_are_listed_by_what_they_amount_to_and_by_their_ends_and_source_by_source()
    {
        await FillAsync(Journal);
        var lines = (await RunAsync(Journal, 0, "list")).Split('\n');
        Assert.Equal([Links[0].Id, Links[2].Id, Links[1].Id], lines[1..4].Select(line => ulong.Parse(line[76..96], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("202", lines[1], StringComparison.Ordinal);
        var one = await RunAsync(Journal, 0, "list", "--name", Links[1].Server.Name[..^1] + "*", "--namespace", "shop", "--port", "8080", "-o", "csv", "--sources");
        Assert.Contains($",source,node-a,{NodeA.Incarnation:N},,101,", one, StringComparison.Ordinal);
        Assert.DoesNotContain("node-a", await RunAsync(Journal, 0, "list", "--port", "8081", "--sources"), StringComparison.Ordinal);

        using var json = System.Text.Json.JsonDocument.Parse(await RunAsync(Journal, 0, "list", "-o", "json", "--sources"));
        Assert.Equal("202", json.RootElement[0].GetProperty("totals").GetProperty("sentBytes").GetString());
        Assert.Equal(2, json.RootElement[0].GetProperty("sources").GetArrayLength());
    }
}
