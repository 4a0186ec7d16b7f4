using System.Runtime.Serialization;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Architecture;
using CsCheck;

namespace Caretta.Tests.Aggregator.Directory.Externals;

/// <summary>
/// The bytes under Golden were written by the first version and are never written again: a version that cannot read them cannot read its
/// users' journals. A new manifest gets a new file.
/// </summary>
public class GrantsFormatSpecs
{
    private static readonly GrantsAdvanced Advanced = new(
        DateTimeOffset.FromUnixTimeMilliseconds(1_772_366_400_123),
        [
            new GrantAdvance(0xFEDCBA9876543210, [1, ulong.MaxValue], [2], [3, 1]),
            new GrantAdvance(7, [], [], [0x8000000000000000]),
        ]);

    private static readonly GrantsSnapshot Snapshot = new(
        [
            new WorkloadGrants(0xFEDCBA9876543210, [1, ulong.MaxValue], [1_772_366_400, uint.MaxValue]),
            new WorkloadGrants(7, [0x8000000000000000], [0]),
        ]);

    private static readonly GrantsSerializer Serializer = new(null!);

    [Fact]
    public void An_event_of_grants_that_was_written_once_is_read_for_ever() =>
        AssertSame(Advanced, Assert.IsType<GrantsAdvanced>(ReadGolden("grants-advanced-1")));

    [Fact]
    public void A_snapshot_of_grants_that_was_written_once_is_read_for_ever() =>
        AssertSame(Snapshot, Assert.IsType<GrantsSnapshot>(ReadGolden("grants-1")));

    [Fact]
    public void What_is_stored_beside_each_row_is_never_changed()
    {
        Assert.Equal(7121, Serializer.Identifier);
        Assert.Equal("grants-advanced-1", Serializer.Manifest(Advanced));
        Assert.Equal("grants-1", Serializer.Manifest(Snapshot));
    }

    [Fact]
    public void Every_event_and_snapshot_reads_back_as_it_was()
    {
        var ids = Gen.ULong.Array[0, 5];
        var advance = Gen.Select(Gen.ULong, ids, ids, ids, (local, granted, renewed, expired) => new GrantAdvance(local, granted, renewed, expired));
        advance.Array[0, 5].Sample(advances => AssertSame(Advanced with { Workloads = advances }, Again(Advanced with { Workloads = advances })));
        var workload = Gen.Select(Gen.ULong, ids, (local, externals) => new WorkloadGrants(local, externals, [.. externals.Select(id => (uint)id)]));
        workload.Array[0, 5].Sample(workloads => AssertSame(new GrantsSnapshot(workloads), Again(new GrantsSnapshot(workloads))));
    }

    [Fact]
    public void A_manifest_of_a_newer_version_is_refused_and_named()
    {
        var refusal = Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "grants-advanced-2"));
        Assert.Contains("grants-advanced-2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_and_its_answer_cross_between_members_as_they_are()
    {
        var members = new MemberSerializer(null!);
        var pair = GrantPair.Of(new Workload("shop", "Deployment", "cart"), new Workload("external", "external", "203.0.113.7"));
        var ask = (AskGrants)members.FromBinary(members.ToBinary(new AskGrants(ulong.MaxValue, [pair, new GrantPair(1, 2)])), "ask-grants-1");
        Assert.Equal((ulong.MaxValue, 2), (ask.Id, ask.Pairs.Count));
        Assert.Equal([pair, new GrantPair(1, 2)], ask.Pairs);
        var given = (GrantsGiven)members.FromBinary(members.ToBinary(new GrantsGiven(9, [true, false, true])), "grants-given-1");
        Assert.Equal(9UL, given.Id);
        Assert.Equal([true, false, true], given.Granted);
        Assert.Equal(("ask-grants-1", "grants-given-1"), (members.Manifest(ask), members.Manifest(given)));
    }

    private static T Again<T>(T written)
        where T : notnull => (T)Serializer.FromBinary(Serializer.ToBinary(written), Serializer.Manifest(written));

    private static object ReadGolden(string manifest)
    {
        var file = Path.Combine(Checkout.Root, "tests", "Caretta.Tests", "Golden", manifest + ".hex");
        return Serializer.FromBinary(Convert.FromHexString(File.ReadAllText(file).ReplaceLineEndings("")), manifest);
    }

    private static void AssertSame(GrantsAdvanced expected, GrantsAdvanced actual)
    {
        Assert.Equal(expected.At, actual.At);
        Assert.Equal(expected.Workloads.Select(workload => workload.Local), actual.Workloads.Select(workload => workload.Local));
        Assert.Equal(expected.Workloads.Select(workload => workload.Granted), actual.Workloads.Select(workload => workload.Granted));
        Assert.Equal(expected.Workloads.Select(workload => workload.Renewed), actual.Workloads.Select(workload => workload.Renewed));
        Assert.Equal(expected.Workloads.Select(workload => workload.Expired), actual.Workloads.Select(workload => workload.Expired));
    }

    private static void AssertSame(GrantsSnapshot expected, GrantsSnapshot actual)
    {
        Assert.Equal(expected.Workloads.Select(workload => workload.Local), actual.Workloads.Select(workload => workload.Local));
        Assert.Equal(expected.Workloads.Select(workload => workload.Externals), actual.Workloads.Select(workload => workload.Externals));
        Assert.Equal(expected.Workloads.Select(workload => workload.Renewed), actual.Workloads.Select(workload => workload.Renewed));
    }
}
