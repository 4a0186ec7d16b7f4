using System.Runtime.Serialization;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Tests.Architecture;
using CsCheck;
using Google.Protobuf;
using Stored = Caretta.Aggregator.Journal.Stored;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>
/// The bytes under Golden were written by the first version and are never written again: a version that cannot read them cannot read its
/// users' journals. A new manifest gets a new file.
/// </summary>
public class JournalFormatSpecs
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_772_366_400_123);

    private static readonly Source NodeA = new("node-a", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
    private static readonly Source NodeB = new("knoten-ä", Guid.Parse("ffeeddcc-bbaa-9988-7766-554433221100"));

    private static readonly NetworkLink Shop = new(
        new Workload("shop", "Deployment", "cart", "Helm/shop"), new Workload("shop", "StatefulSet", "orders"), 5432, Role.Client);

    private static readonly NetworkLink Other =
        new(new Workload("~other", "~other", "~other"), new Workload("~other", "~other", "~other-17"), 0, Role.Server);

    private static readonly LinkTotals Small = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    private static readonly LinkTotals Large = new(
        (1UL << 56) - 1, (1UL << 53) + 1, 1UL << 40, 1UL << 41, 1UL << 42, 1UL << 43, 1UL << 44, 1UL << 45, 1UL << 46, 1UL << 47,
        1UL << 48);

    private static readonly LinksAdvanced Advanced = new(
        At,
        [
            new LinkAdvance(Shop, new Contributor(NodeA), Small),
            new LinkAdvance(Shop, new Contributor(NodeB), Large),
            new LinkAdvance(Other, new Contributor(NodeB, Origin: 0xFEDCBA9876543210), Small),
        ],
        [KeyValuePair.Create(NodeA, 17UL), KeyValuePair.Create(NodeB, ulong.MaxValue)]);

    private static readonly LinksExpired Expired = new(At, [1, ulong.MaxValue, 0xFEDCBA9876543210]);

    private static readonly ShardSnapshot Snapshot = new(
        [
            new StoredLink(Shop, Expired: true, [new(new Contributor(NodeA), Small), new(new Contributor(NodeB), Large)]),
            new StoredLink(Other, Expired: false, [new(new Contributor(NodeB, Origin: 0xFEDCBA9876543210), Small)]),
        ],
        [KeyValuePair.Create(NodeA, 17UL), KeyValuePair.Create(NodeB, ulong.MaxValue)]);

    private static readonly SourcesRetired RetiredSources = new(At, TimeSpan.FromMilliseconds(2_592_000_123), [NodeA, NodeB]);

    private static readonly LinksAdvanced AdvancedOnHistory = Advanced with
    {
        Listened = TimeSpan.FromMilliseconds(86_400_001),
        Step = new HistoryStep(0xFEDCBA9876543210, 0x1020304050607080),
    };

    private static readonly ShardSnapshot SnapshotAfterRetirement = new(
        [
            Snapshot.Links[0] with { Retired = Large },
            new StoredLink(Other, Expired: true, []) { Retired = default(LinkTotals) },
        ],
        Snapshot.Watermarks)
    {
        Listened = TimeSpan.FromMilliseconds(2_592_000_123),
        HeardAt = new Dictionary<Source, TimeSpan> { [NodeA] = TimeSpan.FromMilliseconds(2_592_000_122), [NodeB] = default },
        History = 0x1020304050607080,
        Histories = new Dictionary<Source, ulong> { [NodeB] = 0xFEDCBA9876543210 },
        Retired = [NodeA.Incarnation, NodeB.Incarnation],
    };

    private static readonly JournalSerializer Serializer = new(null!);

    private static readonly Gen<LinkTotals> AnyTotals = Gen.ULong.Array[11].Select(counts => new LinkTotals(
        counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7], counts[8], counts[9], counts[10]));

    private static readonly Gen<Source> AnySource =
        Gen.Select(OneOf("node", "knoten-ä", "節点"), Gen.Guid, (name, id) => new Source(name, id));

    private static readonly Gen<NetworkLink> AnyLink = Gen.Select(
        Gen.String[Gen.Char.AlphaNumeric, 0, 8], OneOf("cart", "a\"b\\c", "カート"), Gen.UShort, OneOf(Role.Client, Role.Server),
        (space, name, port, role) =>
            new NetworkLink(new Workload(space, "Deployment", name, space), new Workload(name, "Pod", space), port, role));

    private static readonly Gen<KeyValuePair<Contributor, LinkTotals>> AnyContribution = Gen.Select(
        AnySource, Gen.ULong, AnyTotals, (source, origin, totals) => KeyValuePair.Create(new Contributor(source, origin), totals));

    private static readonly Gen<TimeSpan> AnyTime = Gen.Long[0, 1L << 40].Select(ms => TimeSpan.FromMilliseconds(ms));

    private static readonly Gen<KeyValuePair<Source, ulong>> AnyWatermark = Gen.Select(AnySource, Gen.ULong, KeyValuePair.Create);

    [Fact]
    public void An_event_of_advanced_links_that_was_written_once_is_read_for_ever()
    {
        AssertSame(Advanced, Assert.IsType<LinksAdvanced>(ReadGolden("links-advanced-1")));
    }

    [Fact]
    public void An_event_of_expired_links_that_was_written_once_is_read_for_ever()
    {
        var read = Assert.IsType<LinksExpired>(ReadGolden("links-expired-1"));
        Assert.Equal(Expired.At, read.At);
        Assert.Equal(Expired.LinkIds, read.LinkIds);
    }

    [Fact]
    public void A_snapshot_that_was_written_once_is_read_for_ever()
    {
        AssertSame(Snapshot, Assert.IsType<ShardSnapshot>(ReadGolden("shard-1")));
    }

    [Fact]
    public void An_event_of_retired_sources_that_was_written_once_is_read_for_ever()
    {
        var read = Assert.IsType<SourcesRetired>(ReadGolden("sources-retired-1"));
        Assert.Equal((RetiredSources.At, RetiredSources.Listened), (read.At, read.Listened));
        Assert.Equal(RetiredSources.Sources, read.Sources);
    }

    [Fact]
    public void An_event_whose_watermarks_build_on_a_history_is_read_for_ever()
    {
        AssertSame(AdvancedOnHistory, Assert.IsType<LinksAdvanced>(ReadGolden("links-advanced-1", "links-advanced-1-history")));
    }

    [Fact]
    public void A_snapshot_with_retired_sources_is_read_for_ever()
    {
        AssertSame(SnapshotAfterRetirement, Assert.IsType<ShardSnapshot>(ReadGolden("shard-1", "shard-1-retired")));
    }

    [Fact]
    public void An_event_of_purged_links_that_was_written_once_is_read_for_ever()
    {
        var read = Assert.IsType<LinksPurged>(ReadGolden("links-purged-1"));
        Assert.Equal(At, read.At);
        Assert.Equal(Expired.LinkIds, read.LinkIds);
    }

    [Fact]
    public void An_event_of_a_merged_shard_that_was_written_once_is_read_for_ever()
    {
        var read = Assert.IsType<ShardMerged>(ReadGolden("shard-merged-1"));
        Assert.Equal(At, read.At);
        AssertSame(SnapshotAfterRetirement, read.Shard);
    }

    [Fact]
    public void What_is_stored_beside_each_row_is_never_changed()
    {
        Assert.Equal(7117, Serializer.Identifier);
        Assert.Equal("links-advanced-1", Serializer.Manifest(Advanced));
        Assert.Equal("links-expired-1", Serializer.Manifest(Expired));
        Assert.Equal("shard-1", Serializer.Manifest(Snapshot));
        Assert.Equal("sources-retired-1", Serializer.Manifest(RetiredSources));
        Assert.Equal("links-purged-1", Serializer.Manifest(new LinksPurged(At, [])));
        Assert.Equal("shard-merged-1", Serializer.Manifest(new ShardMerged(At, Snapshot)));
    }

    [Fact]
    public void Every_event_of_advanced_links_reads_back_as_it_was()
    {
        Gen.Select(AnyLink, AnyContribution).Array[0, 10].Select(AnyWatermark.Array[0, 4]).Sample((advances, watermarks) =>
        {
            var written = new LinksAdvanced(
                At,
                [.. advances.Select(advance => new LinkAdvance(advance.Item1, advance.Item2.Key, advance.Item2.Value))
                    .OrderBy(advance => advance.Link.Id)], // a link's entries are stored together
                watermarks)
            {
                Epochs = watermarks.ToDictionary(watermark => watermark.Key, watermark => Math.Max(1, ~watermark.Value)),
            };
            AssertSame(written, (LinksAdvanced)Serializer.FromBinary(Serializer.ToBinary(written), Serializer.Manifest(written)));
        });
    }

    [Fact]
    public void Every_snapshot_reads_back_as_it_was()
    {
        var anyStored = Gen.Select(
            AnyLink, Gen.Bool, AnyContribution.Array[0, 4], AnyTotals, Gen.Bool, Gen.Long[0, 1L << 41], (link, expired, held, retired, none, seen) =>
                new StoredLink(link, expired, held) { Retired = none ? null : retired, Seen = new LinkSeen(seen, seen + 7) });
        var any = Gen.Select(anyStored.Array[0, 8], AnyWatermark.Array[0, 4], AnyTime, Gen.Guid.Array[0, 4], (links, watermarks, at, retired) =>
            new ShardSnapshot(links, watermarks)
            {
                Listened = at,
                HeardAt = watermarks.ToDictionary(watermark => watermark.Key, _ => at),
                Histories = watermarks.ToDictionary(watermark => watermark.Key, watermark => Math.Max(1, watermark.Value)),
                Epochs = watermarks.ToDictionary(watermark => watermark.Key, watermark => Math.Max(1, ~watermark.Value)),
                Retired = retired,
            });
        any.Sample(written =>
            AssertSame(written, (ShardSnapshot)Serializer.FromBinary(Serializer.ToBinary(written), Serializer.Manifest(written))));
    }

    [Fact]
    public void Fields_that_a_newer_version_added_are_skipped()
    {
        var stored = Stored.LinksAdvanced.Parser.ParseFrom(Golden("links-advanced-1"));
        IMessage[] extended =
        [
            stored, .. stored.Sources, .. stored.Links, .. stored.Links.Select(link => link.Client), stored.Links[0].Contributions[0],
            stored.Watermarks[0],
        ];
        foreach (var message in extended)
        {
            message.MergeFrom(new byte[] { 0xC0, 0x3E, 0x2A, 0xCA, 0x3E, 0x01, 0x07 }); // field 1000: 42, field 1001: one byte
        }

        var newer = stored.ToByteArray();
        Assert.True(newer.Length >= Golden("links-advanced-1").Length + (7 * extended.Length)); // so they are in there
        AssertSame(Advanced, (LinksAdvanced)Serializer.FromBinary(newer, "links-advanced-1"));
    }

    [Fact]
    public void A_manifest_of_a_newer_version_is_refused_and_named()
    {
        var refusal = Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "links-advanced-2"));
        Assert.Contains("links-advanced-2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_is_written_once_however_many_links_it_reported()
    {
        var advances = Enumerable.Range(0, 50).Select(number => new LinkAdvance(Traffic.Link(number), new Contributor(NodeA), Small));
        var stored = new LinksAdvanced(At, [.. advances], [KeyValuePair.Create(NodeA, 1UL)]).ToStored();
        Assert.Equal("node-a", Assert.Single(stored.Sources).NodeName);
    }

    [Fact]
    public void The_epoch_of_a_watermark_is_written_beside_it_and_nothing_where_there_is_none()
    {
        var stored = (Advanced with { Epochs = new Dictionary<Source, ulong> { [NodeB] = 7 } }).ToStored();
        Assert.Equal([0UL, 7UL], stored.Watermarks.Select(watermark => watermark.Epoch));
        Assert.Equal(KeyValuePair.Create(NodeB, 7UL), Assert.Single(stored.ToDomain().Epochs));
    }

    [Fact]
    public void The_histories_of_all_events_are_stored()
    {
        var step = new HistoryStep(7, 9);
        Assert.Equal(step, ((Expired with { Step = step }).ToStored().ToDomain()).Step);
        Assert.Equal(step, ((RetiredSources with { Step = step }).ToStored().ToDomain()).Step);
        Assert.Equal(step, ((Advanced with { Step = step }).ToStored().ToDomain()).Step);
    }

    private static object ReadGolden(string manifest, string? file = null) => Serializer.FromBinary(Golden(file ?? manifest), manifest);

    private static byte[] Golden(string manifest)
    {
        var file = Path.Combine(Checkout.Root, "tests", "Caretta.Tests", "Golden", manifest + ".hex");
        return Convert.FromHexString(File.ReadAllText(file).ReplaceLineEndings(""));
    }

    private static void AssertSame(LinksAdvanced expected, LinksAdvanced actual)
    {
        Assert.Equal(expected.At, actual.At);
        Assert.Equal(expected.Advances, actual.Advances);
        Assert.Equal(expected.Advances.Select(advance => Owners(advance.Link)), actual.Advances.Select(advance => Owners(advance.Link)));
        Assert.Equal(expected.Watermarks, actual.Watermarks);
        Assert.Equal(expected.Listened, actual.Listened);
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.Epochs, actual.Epochs);
    }

    private static void AssertSame(ShardSnapshot expected, ShardSnapshot actual)
    {
        Assert.Equal(
            expected.Links.Select(link => (link.Link, Owners(link.Link), link.Expired, link.Retired, link.Seen)),
            actual.Links.Select(link => (link.Link, Owners(link.Link), link.Expired, link.Retired, link.Seen)));
        Assert.Equal(expected.Links.Select(link => link.Held), actual.Links.Select(link => link.Held));
        Assert.Equal(expected.Watermarks, actual.Watermarks);
        Assert.Equal(expected.Listened, actual.Listened);
        Assert.Equal(
            expected.Watermarks.Select(of => expected.HeardAt.GetValueOrDefault(of.Key)),
            actual.Watermarks.Select(of => actual.HeardAt.GetValueOrDefault(of.Key)));
        Assert.Equal(expected.History, actual.History);
        Assert.Equal(expected.Histories, actual.Histories);
        Assert.Equal(expected.Epochs, actual.Epochs);
        Assert.Equal(expected.Retired, actual.Retired);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>Not part of a link's identity, so not compared with it.</summary>
    private static (string, string) Owners(NetworkLink link) => (link.Client.Owner, link.Server.Owner);
}
