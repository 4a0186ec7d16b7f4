using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Map.Gather;
using Google.Protobuf;

namespace Caretta.Aggregator.Shards;

/// <summary>What members say to each other, so that a rolling update finds a reader in the other version.</summary>
internal sealed class MemberSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string EnvelopeV1 = "ledger-envelope-1";
    private const string OpenV1 = "open-source-1";
    private const string TakeV1 = "take-batch-1";
    private const string WakeV1 = "wake-ledger-1";
    private const string HeldV1 = "shard-held-1";
    private const string AskGrantsV1 = "ask-grants-1";
    private const string GrantsGivenV1 = "grants-given-1";
    private const string AskIdentityV1 = "ask-identity-1";
    private const string IdentityToldV1 = "identity-told-1";
    private const string AskMembershipV1 = "ask-membership-1";
    private const string AwakeV1 = "ledger-awake-1";
    private const string MembershipToldV1 = "membership-told-1";
    private const string NodeEnvelopeV1 = "node-envelope-1";
    private const string ClaimNodeV1 = "claim-node-1";
    private const string NodeAnswerV1 = "node-answer-1";
    private const string AskLinksV1 = "ask-links-1";
    private const string LinksToldV1 = "links-told-1";
    private const string AskHistoriesV1 = "ask-histories-1";
    private const string HistoriesToldV1 = "histories-told-1";

    public override int Identifier => 7119;

    public override string Manifest(object o) => o switch
    {
        LedgerEnvelope => EnvelopeV1,
        OpenSource => OpenV1,
        TakeBatch => TakeV1,
        WakeLedger => WakeV1,
        ShardHeld => HeldV1,
        AskGrants => AskGrantsV1,
        GrantsGiven => GrantsGivenV1,
        AskIdentity => AskIdentityV1,
        IdentityTold => IdentityToldV1,
        AskMembership => AskMembershipV1,
        MembershipTold => MembershipToldV1,
        LedgerAwake => AwakeV1,
        NodeEnvelope => NodeEnvelopeV1,
        ClaimNode => ClaimNodeV1,
        NodeAnswer => NodeAnswerV1,
        AskLinks => AskLinksV1,
        LinksTold => LinksToldV1,
        AskHistories => AskHistoriesV1,
        HistoriesTold => HistoriesToldV1,
        _ => throw Unknown(o.GetType().FullName),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        LedgerEnvelope { Message: OpenSource open } to => new Wire.LedgerEnvelope { Shard = to.Shard, OpenSource = open.ToWire() }.ToByteArray(),
        LedgerEnvelope { Message: TakeBatch take } to => new Wire.LedgerEnvelope { Shard = to.Shard, TakeBatch = take.ToWire() }.ToByteArray(),
        LedgerEnvelope { Message: WakeLedger } to => new Wire.LedgerEnvelope { Shard = to.Shard, WakeLedger = new() }.ToByteArray(),
        OpenSource open => open.ToWire().ToByteArray(),
        TakeBatch take => take.ToWire().ToByteArray(),
        WakeLedger => [],
        ShardHeld held => held.ToWire().ToByteArray(),
        AskGrants ask => ask.ToWire().ToByteArray(),
        GrantsGiven given => given.ToWire().ToByteArray(),
        AskIdentity => [],
        IdentityTold told => told.ToWire().ToByteArray(),
        AskMembership ask => ask.ToWire().ToByteArray(),
        LedgerAwake awake => new Wire.LedgerAwake { Shard = awake.Shard }.ToByteArray(),
        MembershipTold told => new Wire.MembershipTold { Number = told.Number, IsMember = told.IsMember }.ToByteArray(),
        NodeEnvelope to => new Wire.NodeEnvelope { NodeName = to.NodeName, Claim = to.Message.ToWire() }.ToByteArray(),
        ClaimNode claim => claim.ToWire().ToByteArray(),
        NodeAnswer answer => answer.ToWire().ToByteArray(),
        AskLinks ask => ask.ToWire().ToByteArray(),
        LinksTold told => told.ToWire().ToByteArray(),
        AskHistories ask => ask.ToWire().ToByteArray(),
        HistoriesTold told => told.ToWire().ToByteArray(),
        _ => throw Unknown(obj.GetType().FullName),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        EnvelopeV1 => ReadEnvelope(Wire.LedgerEnvelope.Parser.ParseFrom(bytes)),
        OpenV1 => Wire.OpenSource.Parser.ParseFrom(bytes).ToDomain(),
        TakeV1 => Wire.TakeBatch.Parser.ParseFrom(bytes).ToDomain(),
        WakeV1 => new WakeLedger(),
        HeldV1 => Wire.ShardHeld.Parser.ParseFrom(bytes).ToDomain(),
        AskGrantsV1 => Wire.AskGrants.Parser.ParseFrom(bytes).ToDomain(),
        GrantsGivenV1 => Wire.GrantsGiven.Parser.ParseFrom(bytes).ToDomain(),
        AskIdentityV1 => new AskIdentity(),
        IdentityToldV1 => Wire.IdentityTold.Parser.ParseFrom(bytes).ToDomain(),
        AskMembershipV1 => Wire.AskMembership.Parser.ParseFrom(bytes).ToDomain(),
        AwakeV1 => new LedgerAwake(Wire.LedgerAwake.Parser.ParseFrom(bytes).Shard),
        MembershipToldV1 => ReadTold(Wire.MembershipTold.Parser.ParseFrom(bytes)),
        NodeEnvelopeV1 => ReadNodeEnvelope(Wire.NodeEnvelope.Parser.ParseFrom(bytes)),
        ClaimNodeV1 => Wire.ClaimNode.Parser.ParseFrom(bytes).ToDomain(),
        NodeAnswerV1 => Wire.NodeAnswer.Parser.ParseFrom(bytes).ToDomain(),
        AskLinksV1 => Wire.AskLinks.Parser.ParseFrom(bytes).ToDomain(),
        LinksToldV1 => Wire.LinksTold.Parser.ParseFrom(bytes).ToDomain(),
        AskHistoriesV1 => Wire.AskHistories.Parser.ParseFrom(bytes).ToDomain(),
        HistoriesToldV1 => Wire.HistoriesTold.Parser.ParseFrom(bytes).ToDomain(),
        _ => throw Unknown(manifest),
    };

    private static MembershipTold ReadTold(Wire.MembershipTold wire) => new(wire.Number, wire.IsMember);

    private static LedgerEnvelope ReadEnvelope(Wire.LedgerEnvelope wire) => new(wire.Shard, wire.MessageCase switch
    {
        Wire.LedgerEnvelope.MessageOneofCase.OpenSource => wire.OpenSource.ToDomain(),
        Wire.LedgerEnvelope.MessageOneofCase.TakeBatch => wire.TakeBatch.ToDomain(),
        Wire.LedgerEnvelope.MessageOneofCase.WakeLedger => new WakeLedger(),
        _ => throw Unknown($"envelope of {wire.MessageCase}"),
    });

    private static NodeEnvelope ReadNodeEnvelope(Wire.NodeEnvelope wire) =>
        new(wire.NodeName, wire.Claim?.ToDomain() ?? throw Unknown("node envelope without a claim"));

    private static SerializationException Unknown(string? what) =>
        new($"This version has no message '{what}' between members.");
}
