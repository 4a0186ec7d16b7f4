using System.Globalization;
using System.Runtime.Serialization;
using Akka.Serialization;
using Google.Protobuf;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>
/// Reads one ledger's rows as its recovery would, and looks harder: recovery takes what there is and notices no gap. First the snapshots and
/// then the events, by sequence.
/// </summary>
internal abstract class LedgerReading(string ledger, SerializerWithStringManifest? serializer)
{
    /// <summary>Of one ledger; more of them say no more.</summary>
    public const int MaxFaults = 20;

    private readonly List<string> _faults = [];
    private long _start;

    public string Ledger { get; } = ledger;

    public int Snapshots { get; private set; }

    public int Events { get; private set; }

    /// <summary>The highest sequence of any row.</summary>
    public long Written { get; private set; }

    public IReadOnlyList<string> Faults => _faults;

    private long Recovered { get; set; }

    public static LedgerReading For(string ledger)
    {
        if (ledger == GrantsReading.Name)
        {
            return new GrantsReading();
        }

        return ShardReading.ShardOf(ledger) is { } shard ? new ShardReading(shard) : new StrangeReading(ledger);
    }

    public void Snapshot(LedgerRow row)
    {
        Snapshots++;
        Written = Math.Max(Written, row.Sequence);
        if (Read(row, "Snapshot") is { } snapshot)
        {
            if (TryBegin(snapshot))
            {
                (_start, Recovered) = (row.Sequence, row.Sequence);
            }
            else
            {
                Fault($"Snapshot {row.Sequence} holds no snapshot but {row.Manifest}.");
            }
        }
    }

    public void Event(LedgerRow row)
    {
        Events++;
        Written = Math.Max(Written, row.Sequence);
        if (row.Deleted)
        {
            return;
        }

        if (row.Sequence > _start)
        {
            Follow(row.Sequence);
        }

        if (Read(row, "Event") is { } read && row.Sequence > _start && !TryApply(read))
        {
            Fault($"Event {row.Sequence} holds no event but {row.Manifest}.");
        }
    }

    /// <param name="head">How far the ledger has written, as the trigger remembers it; null if it does not.</param>
    public void CompareHead(long? head)
    {
        if (head != Written)
        {
            Fault($"head is {head?.ToString(CultureInfo.InvariantCulture) ?? "missing"}, and the last row is {Written}: "
                + (head > Written ? "the rows after it are lost." : "rows were written past the trigger, or head is of an older backup."));
        }
    }

    protected void Fault(string fault)
    {
        if (_faults.Count < MaxFaults)
        {
            _faults.Add(fault);
        }
        else if (_faults.Count == MaxFaults)
        {
            _faults.Add("There is more.");
        }
    }

    /// <returns>False: it is no snapshot of this ledger.</returns>
    protected abstract bool TryBegin(object snapshot);

    /// <returns>False: it is no event of this ledger.</returns>
    protected abstract bool TryApply(object journalled);

    /// <summary>What was read, be it part of the recovery or not.</summary>
    protected virtual void Check(object read, long sequence)
    {
    }

    private void Follow(long sequence)
    {
        if (sequence != Recovered + 1)
        {
            var (from, to) = (Recovered + 1, sequence - 1);
            Fault(from == to ? $"Event {from} is missing." : $"Events {from} to {to} are missing.");
        }

        Recovered = sequence;
    }

    private object? Read(LedgerRow row, string what)
    {
        if (serializer is null)
        {
            return null;
        }

        if (row.Bytes is null || row.Serializer != serializer.Identifier)
        {
            Fault(row.Bytes is null
                ? $"{what} {row.Sequence} has no bytes."
                : $"{what} {row.Sequence} is of serializer {row.Serializer}; this ledger's is {serializer.Identifier}.");
            return null;
        }

        try
        {
            var read = serializer.FromBinary(row.Bytes, row.Manifest ?? "");
            Check(read, row.Sequence);
            return read;
        }
        catch (Exception unreadable) when (unreadable is InvalidProtocolBufferException or SerializationException or ArgumentException
            or NullReferenceException or OverflowException or InvalidOperationException)
        {
            Fault($"{what} {row.Sequence} ({row.Manifest}) cannot be read: {unreadable.Message}");
            return null;
        }
    }
}
