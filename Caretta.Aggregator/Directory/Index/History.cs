using Caretta.Aggregator.Directory.Objects;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>From when on a silence of the index means that nobody was there.</summary>
internal sealed class History(TimeSpan retention)
{
    private static readonly ObjectKind[] Holding = [ObjectKind.Pod, ObjectKind.Node, ObjectKind.Service, ObjectKind.EndpointSlice];

    private readonly KindWatch[] _kinds = [.. Enum.GetValues<ObjectKind>().Select(_ => new KindWatch())];

    public KindWatch this[ObjectKind kind] => _kinds[(int)kind];

    /// <summary>The end of time while something has not been listed once.</summary>
    public TimeSpan StartAt(TimeSpan now)
    {
        var start = now - retention;
        foreach (var kind in Holding)
        {
            var watch = this[kind];
            var complete = watch.IsForbidden ? TimeSpan.MinValue : watch.CompleteSince ?? TimeSpan.MaxValue;
            start = complete > start ? complete : start;
        }

        return start;
    }
}
