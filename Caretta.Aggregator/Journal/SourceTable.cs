using Google.Protobuf;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Sources of one event or snapshot: each is written once and named by its index.</summary>
internal sealed class SourceTable
{
    private readonly Dictionary<Source, uint> _indexes = [];

    public IEnumerable<Stored.Source> Stored => _indexes.OrderBy(entry => entry.Value).Select(entry => ToStored(entry.Key));

    public static Stored.Source ToStored(Source source) => new()
    {
        NodeName = source.NodeName,
        Incarnation = ByteString.CopyFrom(source.Incarnation.ToByteArray(bigEndian: true)),
    };

    public static IReadOnlyList<Source> Read(IEnumerable<Stored.Source> stored) =>
        [.. stored.Select(source => new Source(source.NodeName, new Guid(source.Incarnation.Span, bigEndian: true)))];

    public uint IndexOf(Source source)
    {
        if (!_indexes.TryGetValue(source, out var index))
        {
            _indexes.Add(source, index = (uint)_indexes.Count);
        }

        return index;
    }
}
