using System.Runtime.CompilerServices;

namespace Caretta.Messages;

/// <summary>How many connections of a link are in each TCP state at the latest poll of one source.</summary>
public readonly record struct LinkLevels
{
    public const int StateCount = 12;

    private readonly Counts _counts;

    private LinkLevels(Counts counts) => _counts = counts;

    public uint this[TcpState state] => _counts[(int)state];

    /// <summary>Established and not yet closed, whichever end began to close.</summary>
    public uint ActiveConnections =>
        this[TcpState.Established] + this[TcpState.FinWait1] + this[TcpState.FinWait2]
        + this[TcpState.CloseWait] + this[TcpState.LastAck] + this[TcpState.Closing];

    public bool IsEmpty => this == default;

    public static LinkLevels Of(ReadOnlySpan<uint> connectionsByState)
    {
        var counts = default(Counts);
        connectionsByState[..Math.Min(connectionsByState.Length, StateCount)].CopyTo(counts);
        return new LinkLevels(counts);
    }

    public static LinkLevels operator +(LinkLevels a, LinkLevels b)
    {
        var counts = default(Counts);
        for (var i = 0; i < StateCount; i++)
        {
            counts[i] = a._counts[i] + b._counts[i];
        }

        return new LinkLevels(counts);
    }

    public bool Equals(LinkLevels other) => ((ReadOnlySpan<uint>)_counts).SequenceEqual(other._counts);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var count in (ReadOnlySpan<uint>)_counts)
        {
            hash.Add(count);
        }

        return hash.ToHashCode();
    }

    [InlineArray(StateCount)]
    private struct Counts
    {
        private uint _first;
    }
}
