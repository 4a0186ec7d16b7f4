using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>A link's levels, the latest of each contributor. Not journalled: they say what is true now.</summary>
internal sealed class LevelsBySource
{
    private readonly ByContributor<(ulong Sequence, LinkLevels Levels)> _latest = new();
    private uint[]? _sum;

    public LinkLevels Sum => LinkLevels.Of(_sum);

    /// <summary>The sequence of the latest report; null if there was none since this link was started.</summary>
    public ulong? LatestOf(Contributor by) => _latest.TryGetValue(by, out var latest) ? latest.Sequence : null;

    /// <returns>Whether anything changed; an overtaken report changes nothing.</returns>
    public bool Report(Contributor by, ulong sequence, LinkLevels levels)
    {
        var known = _latest.TryGetValue(by, out var latest);
        if (known && sequence <= latest.Sequence)
        {
            return false;
        }

        _latest[by] = (sequence, levels);
        Replace(latest.Levels, levels);
        return levels != latest.Levels;
    }

    /// <summary>The source is silent: nobody knows any longer.</summary>
    /// <returns>How many contributors' levels were dropped.</returns>
    public int Drop(Source source)
    {
        var gone = _latest.Keys.Where(by => by.Source == source).ToList();
        foreach (var by in gone)
        {
            _latest.Remove(by, out var latest);
            Replace(latest.Levels, default);
        }

        return gone.Count;
    }

    private void Replace(LinkLevels before, LinkLevels after)
    {
        if (before == after)
        {
            return;
        }

        _sum ??= new uint[LinkLevels.StateCount];
        for (var state = 0; state < LinkLevels.StateCount; state++)
        {
            _sum[state] += after[(TcpState)state] - before[(TcpState)state];
        }
    }
}
