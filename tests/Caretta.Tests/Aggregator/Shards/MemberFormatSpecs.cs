using System.Runtime.Serialization;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using CsCheck;

namespace Caretta.Tests.Aggregator.Shards;

/// <summary>What members say to each other; the bytes below were written by the first version that had the message.</summary>
public class MemberFormatSpecs
{
    private static readonly MemberSerializer Serializer = new(null!);
    private static readonly Source NodeA = new("node-a", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

    private static readonly string[] Names = ["node-a", "knoten-ä", new string('n', 253)];

    private static readonly Gen<Source> AnySource =
        Gen.Select(Gen.Int[0, 2], Gen.Guid, (name, id) => new Source(Names[name], id));

    [Theory]
    [InlineData("node-envelope-1", "0A066E6F64652D61121F0A1A0A066E6F64652D61121000112233445566778899AABBCCDDEEFF10DC0B")]
    [InlineData("claim-node-1", "0A1A0A066E6F64652D61121000112233445566778899AABBCCDDEEFF10DC0B")]
    public void A_claim_that_was_written_once_is_read_for_ever(string manifest, string hex)
    {
        var claim = new ClaimNode(NodeA, TimeSpan.FromMilliseconds(1500));
        object message = manifest == "claim-node-1" ? claim : new NodeEnvelope("node-a", claim);
        Assert.Equal(hex, Convert.ToHexString(Serializer.ToBinary(message)));
        Assert.Equal(message, Serializer.FromBinary(Convert.FromHexString(hex), manifest));
        Assert.Equal(manifest, Serializer.Manifest(message));
    }

    [Fact]
    public void An_answer_that_was_written_once_is_read_for_ever()
    {
        var answer = new NodeAnswer("node-a", NodeVerdict.TakenOver);
        Assert.Equal("0A066E6F64652D611003", Convert.ToHexString(Serializer.ToBinary(answer)));
        Assert.Equal(answer, Serializer.FromBinary(Convert.FromHexString("0A066E6F64652D611003"), "node-answer-1"));
    }

    [Fact]
    public void Claims_and_answers_cross_as_they_are() =>
        Gen.Select(AnySource, Gen.Int[0, int.MaxValue], Gen.Enum<NodeVerdict>()).Sample((source, age, verdict) =>
        {
            var claim = new ClaimNode(source, TimeSpan.FromMilliseconds(age));
            Assert.Equal(claim, Again(claim));
            Assert.Equal(new NodeEnvelope(source.NodeName, claim), Again(new NodeEnvelope(source.NodeName, claim)));
            Assert.Equal(new NodeAnswer(source.NodeName, verdict), Again(new NodeAnswer(source.NodeName, verdict)));
        });

    [Fact]
    public void A_sources_history_and_epoch_cross_with_its_word_and_with_what_builds_on_it() =>
        Gen.Select(AnySource, Gen.ULong, Gen.ULong, Gen.ULong, Gen.ULong).Sample((source, sequence, batch, history, epoch) =>
        {
            var held = new ShardHeld(7, source, sequence, batch) { History = history, Epoch = epoch };
            Assert.Equal(held, Again(held));
            var take = new TakeBatch(source, TimeSpan.FromSeconds(5), batch, sequence, [Traffic.Report(Traffic.Link(1), 9)])
            {
                History = history,
                Epoch = epoch,
            };
            var again = (TakeBatch)Again(new LedgerEnvelope(7, take)).Message;
            Assert.Equal(
                (take.Source, take.Id, take.Watermark, take.History, take.Epoch),
                (again.Source, again.Id, again.Watermark, again.History, again.Epoch));
            Assert.Equal(take.Reports, again.Reports);
        });

    [Fact]
    public void An_older_members_word_has_no_history() =>
        Assert.Equal(0UL, Assert.IsType<ShardHeld>(Serializer.FromBinary(
            Convert.FromHexString("0A1A0A066E6F64652D61121000112233445566778899AABBCCDDEEFF100718092005"), "shard-held-1")).History);

    [Fact]
    public void An_envelope_without_a_claim_is_refused() =>
        Assert.Throws<SerializationException>(() => Serializer.FromBinary(Convert.FromHexString("0A066E6F64652D61"), "node-envelope-1"));

    [Fact]
    public void An_age_beyond_all_times_is_a_very_old_one() =>
        Assert.True(Assert.IsType<ClaimNode>(Serializer.FromBinary(
            Convert.FromHexString("0A1A0A066E6F64652D61121000112233445566778899AABBCCDDEEFF10FFFFFFFFFFFFFFFFFF01"), "claim-node-1")).Age
            > TimeSpan.FromDays(30_000));

    private static T Again<T>(T message)
        where T : notnull => (T)Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));
}
