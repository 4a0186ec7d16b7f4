namespace Caretta.Aggregator.Directory.Index;

/// <summary>
/// What has ended, in the order of its end. Each answers for times until a retention after its end, and is kept for as long as such times can
/// be asked about: another retention. Forgetting thus never turns a holder into nobody within the history.
/// </summary>
internal sealed class Retired<T>(TimeSpan retention)
{
    private readonly Queue<(T Item, TimeSpan Until)> _answering = [];
    private readonly Queue<(T Item, TimeSpan Until)> _kept = [];

    public int Count => _answering.Count + _kept.Count;

    public void Add(T item, TimeSpan until) => _answering.Enqueue((item, until));

    /// <param name="silence">What does not answer for the present any more.</param>
    /// <param name="drop">What does not answer for anything any more, with the end it was added with.</param>
    public void Expire(TimeSpan now, Action<T> silence, Action<T, TimeSpan> drop)
    {
        while (_answering.TryPeek(out var first) && now - first.Until >= retention)
        {
            _kept.Enqueue(_answering.Dequeue());
            silence(first.Item);
        }

        while (_kept.TryPeek(out var first) && now - first.Until >= 2 * retention)
        {
            _kept.Dequeue();
            drop(first.Item, first.Until);
        }
    }
}
