using System.Collections.Concurrent;
using System.Text;
using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Views;

namespace Caretta.Aggregator.Map.Http;

/// <summary>One view of one model, made and written once for all who look the same way.</summary>
internal sealed class ViewedMap(long number, MapAnswer answer)
{
    private const int MostDeltas = 8;

    private readonly Lazy<byte[]> _json = new(() => MapJson.Write(answer));
    private readonly ConcurrentDictionary<long, Lazy<byte[]>> _deltas = [];

    public long Number => number;

    public MapAnswer Answer => answer;

    public byte[] Json => _json.Value;

    /// <summary>What to send to one who has seen that before; null: nothing yet.</summary>
    public byte[] EventAfter(ViewedMap? before)
    {
        if (before is null)
        {
            return Event("map", Json);
        }

        return _deltas.Count >= MostDeltas && !_deltas.ContainsKey(before.Number)
            ? Delta(before)
            : _deltas.GetOrAdd(before.Number, _ => new Lazy<byte[]>(() => Delta(before))).Value;
    }

    private byte[] Delta(ViewedMap before) =>
        ViewChanges.Between(before.Answer, answer) is { } delta ? Event("delta", MapJson.Write(delta)) : Event("map", Json);

    private byte[] Event(string type, byte[] json) => [.. Encoding.ASCII.GetBytes($"id: {number}\nevent: {type}\ndata: "), .. json, .. "\n\n"u8];
}
