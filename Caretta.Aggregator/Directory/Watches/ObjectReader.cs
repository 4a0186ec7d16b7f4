using System.Text.Json;
using Caretta.Aggregator.Directory.Objects;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Reads the objects of one kind; those that are not understood are counted and left out.</summary>
internal sealed class ObjectReader(WatchedKind kind, ServerClock clock, IWatchSink sink, WatchReport report)
{
    /// <summary>Of this moment.</summary>
    public ObjectTimes Times => new(sink.Now, clock.Now);

    /// <returns>Null if it is not understood.</returns>
    public ClusterObject? Read(ReadOnlySpan<byte> json, ObjectTimes times)
    {
        try
        {
            var trimmed = kind.Read(json, times);
            if (trimmed.Flaw is { } flaw)
            {
                report.Malformed(trimmed.Object is { } known ? $"{known.Namespace}/{known.Name}: {flaw}" : flaw);
            }

            return trimmed.Object;
        }
        catch (JsonException unknown)
        {
            report.Malformed(unknown.Message);
            return null;
        }
    }
}
