using Caretta.Aggregator.Journal;

namespace Caretta.Tests.Protocol;

/// <summary>One shard's journal: rows of bytes under ever higher numbers, and a row's number can be taken once.</summary>
internal sealed class JournalModel
{
    private static readonly JournalSerializer Serializer = new(null!);

    private SortedDictionary<int, (string Manifest, byte[] Bytes)> _rows = [];
    private SortedDictionary<int, (string Manifest, byte[] Bytes)> _dump = [];

    /// <summary>The number a recovered writer begins with.</summary>
    public int Next => _rows.Count == 0 ? 0 : _rows.Last().Key + 1;

    /// <summary>A writer that goes on after a restore leaves a gap, as a database allows.</summary>
    /// <returns>False: another writer has that number.</returns>
    public bool TryAppend(int number, object written) =>
        _rows.TryAdd(number, (Serializer.Manifest(written), Serializer.ToBinary(written)));

    /// <summary>What a recovery reads: through the snapshot, so that events and snapshots are both in every run.</summary>
    public ShardState Recover(int snapshotAt)
    {
        var state = new ShardState();
        foreach (var (number, (manifest, bytes)) in _rows)
        {
            switch (Serializer.FromBinary(bytes, manifest))
            {
                case LinksAdvanced advanced: state.Apply(advanced); break;
                case LinksExpired expired: state.Apply(expired); break;
                case SourcesRetired retired: state.Apply(retired); break;
                case var unknown: throw new InvalidOperationException($"What is {unknown}?");
            }

            if (number == snapshotAt)
            {
                var snapshot = state.Snapshot();
                state = new ShardState((ShardSnapshot)Serializer.FromBinary(Serializer.ToBinary(snapshot), Serializer.Manifest(snapshot)));
            }
        }

        return state;
    }

    public void Dump() => _dump = new(_rows);

    public void Restore() => _rows = new(_dump);
}
