using Caretta.Aggregator.Journal;

namespace Caretta.Tests.Protocol;

/// <summary>
/// One shard's journal: rows of bytes under ever higher numbers. Takes only the row that follows on its last, whoever writes it; that last
/// one's number is in the database too, and is put back with it.
/// </summary>
internal sealed class JournalModel
{
    private static readonly JournalSerializer Serializer = new(null!);

    private List<(string Manifest, byte[] Bytes)> _rows = [];
    private List<(string Manifest, byte[] Bytes)> _dump = [];

    /// <summary>The number a recovered writer begins with.</summary>
    public int Next => _rows.Count;

    /// <returns>False: refused, since another writer has gone on or the database was put back.</returns>
    public bool TryAppend(int number, object written)
    {
        if (number != Next)
        {
            return false;
        }

        _rows.Add((Serializer.Manifest(written), Serializer.ToBinary(written)));
        return true;
    }

    /// <summary>What a recovery reads: through the snapshot, so that events and snapshots are both in every run.</summary>
    public ShardState Recover(int snapshotAt)
    {
        var state = new ShardState();
        for (var number = 0; number < _rows.Count; number++)
        {
            var (manifest, bytes) = _rows[number];
            _ = Serializer.FromBinary(bytes, manifest) switch
            {
                LinksAdvanced advanced => state.Apply(advanced),
                LinksExpired expired => state.Apply(expired),
                SourcesRetired retired => state.Apply(retired),
                var unknown => throw new InvalidOperationException($"What is {unknown}?"),
            };
            if (number == snapshotAt)
            {
                var snapshot = state.Snapshot();
                state = new ShardState((ShardSnapshot)Serializer.FromBinary(Serializer.ToBinary(snapshot), Serializer.Manifest(snapshot)));
            }
        }

        return state;
    }

    public void Dump() => _dump = [.. _rows];

    public void Restore() => _rows = [.. _dump];
}
