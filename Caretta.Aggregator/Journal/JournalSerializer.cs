using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Caretta.Aggregator.Journal;

/// <summary>The journal's bytes. A manifest is written beside each row for ever: add new ones, never change what an old one means.</summary>
internal sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string LinksAdvancedV1 = "links-advanced-1";
    private const string LinksExpiredV1 = "links-expired-1";
    private const string SourcesRetiredV1 = "sources-retired-1";
    private const string LinksPurgedV1 = "links-purged-1";
    private const string ShardMergedV1 = "shard-merged-1";
    private const string ShardV1 = "shard-1";

    /// <summary>Stored beside each row, as the manifests are.</summary>
    public override int Identifier => 7117;

    public override string Manifest(object o) => o switch
    {
        LinksAdvanced => LinksAdvancedV1,
        LinksExpired => LinksExpiredV1,
        SourcesRetired => SourcesRetiredV1,
        LinksPurged => LinksPurgedV1,
        ShardMerged => ShardMergedV1,
        ShardSnapshot => ShardV1,
        _ => throw Unknown(o.GetType().FullName),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        LinksAdvanced advanced => advanced.ToStored().ToByteArray(),
        LinksExpired expired => expired.ToStored().ToByteArray(),
        SourcesRetired retired => retired.ToStored().ToByteArray(),
        LinksPurged purged => purged.ToStored().ToByteArray(),
        ShardMerged merged => merged.ToStored().ToByteArray(),
        ShardSnapshot snapshot => snapshot.ToStored().ToByteArray(),
        _ => throw Unknown(obj.GetType().FullName),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        LinksAdvancedV1 => Stored.LinksAdvanced.Parser.ParseFrom(bytes).ToDomain(),
        LinksExpiredV1 => Stored.LinksExpired.Parser.ParseFrom(bytes).ToDomain(),
        SourcesRetiredV1 => Stored.SourcesRetired.Parser.ParseFrom(bytes).ToDomain(),
        LinksPurgedV1 => Stored.LinksPurged.Parser.ParseFrom(bytes).ToDomain(),
        ShardMergedV1 => Stored.ShardMerged.Parser.ParseFrom(bytes).ToDomain(),
        ShardV1 => Stored.Shard.Parser.ParseFrom(bytes).ToDomain(),
        _ => throw Unknown(manifest),
    };

    private static SerializationException Unknown(string? what) =>
        new($"The journal knows no '{what}'. Was it written by a newer version?");
}
