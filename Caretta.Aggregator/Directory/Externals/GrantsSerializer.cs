using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>The journal's bytes of grants. A manifest is written beside each row for ever: add new ones, never change what an old one means.</summary>
internal sealed class GrantsSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string GrantsAdvancedV1 = "grants-advanced-1";
    private const string GrantsV1 = "grants-1";

    /// <summary>Stored beside each row, as the manifests are.</summary>
    public override int Identifier => 7121;

    public override string Manifest(object o) => o switch
    {
        GrantsAdvanced => GrantsAdvancedV1,
        GrantsSnapshot => GrantsV1,
        _ => throw Unknown(o.GetType().FullName),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        GrantsAdvanced advanced => advanced.ToStored().ToByteArray(),
        GrantsSnapshot snapshot => snapshot.ToStored().ToByteArray(),
        _ => throw Unknown(obj.GetType().FullName),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        GrantsAdvancedV1 => Stored.GrantsAdvanced.Parser.ParseFrom(bytes).ToDomain(),
        GrantsV1 => Stored.Grants.Parser.ParseFrom(bytes).ToDomain(),
        _ => throw Unknown(manifest),
    };

    private static SerializationException Unknown(string? what) =>
        new($"The journal knows no '{what}' of grants. Was it written by a newer version?");
}
