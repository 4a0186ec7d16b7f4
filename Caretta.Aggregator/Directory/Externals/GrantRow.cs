namespace Caretta.Aggregator.Directory.Externals;

/// <summary>The grants of one workload: 12 bytes each, searched one by one, as there are a hundred of them or so.</summary>
internal sealed class GrantRow
{
    private const int FirstCapacity = 4;

    private ulong[] _externals = [];
    private uint[] _renewed = [];

    public GrantRow()
    {
    }

    public GrantRow(WorkloadGrants stored) =>
        (_externals, _renewed, Count) = ([.. stored.Externals], [.. stored.Renewed], stored.Externals.Length);

    public int Count { get; private set; }

    public ReadOnlySpan<ulong> Externals => _externals.AsSpan(0, Count);

    /// <summary>Unix time in seconds, one for each external.</summary>
    public ReadOnlySpan<uint> Renewed => _renewed.AsSpan(0, Count);

    /// <returns>Unix time in seconds, or null: it is not granted.</returns>
    public uint? RenewedAt(ulong external) => Externals.IndexOf(external) is >= 0 and var place ? _renewed[place] : null;

    /// <summary>Grants it, or renews it.</summary>
    public void Set(ulong external, uint at)
    {
        var place = Externals.IndexOf(external);
        if (place < 0)
        {
            place = Add();
        }

        (_externals[place], _renewed[place]) = (external, at);
    }

    public void Remove(ulong external)
    {
        if (Externals.IndexOf(external) is >= 0 and var place)
        {
            Count--;
            (_externals[place], _renewed[place]) = (_externals[Count], _renewed[Count]);
        }
    }

    public WorkloadGrants Store(ulong local) => new(local, Externals.ToArray(), Renewed.ToArray());

    private int Add()
    {
        if (Count == _externals.Length)
        {
            var capacity = Math.Max(FirstCapacity, Count + (Count / 2));
            Array.Resize(ref _externals, capacity);
            Array.Resize(ref _renewed, capacity);
        }

        return Count++;
    }
}
