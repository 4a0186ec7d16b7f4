namespace Caretta.Aggregator.Journal;

/// <summary>Which links nobody has reported for long. The clock of a link runs only while all its sources are connected.</summary>
internal sealed class ExpiryWatch(TimeSpan expireAfter)
{
    private readonly Dictionary<ulong, TimeSpan> _reported = [];

    public void Reported(ulong linkId, TimeSpan now) => _reported[linkId] = now;

    public void Forget(ulong linkId) => _reported.Remove(linkId);

    public bool IsIdle(ulong linkId, TimeSpan now) => _reported.TryGetValue(linkId, out var at) && now - at >= expireAfter;

    /// <param name="connected">Whether all sources of a link are.</param>
    public IReadOnlyList<ulong> Look(TimeSpan now, Func<ulong, bool> connected)
    {
        foreach (var linkId in _reported.Keys.Where(linkId => !connected(linkId)).ToList())
        {
            _reported[linkId] = now;
        }

        return [.. _reported.Keys.Where(linkId => IsIdle(linkId, now))];
    }
}
