using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// Which links may hold levels of which source: those it has reported since it was last silent. A shard has thousands of links and thousands
/// of sources; without this, each source that falls silent would have every link asked.
/// </summary>
internal sealed class ReportedLinks
{
    private readonly Dictionary<Source, HashSet<ulong>> _links = [];

    public void Add(Source source, ulong linkId)
    {
        if (!_links.TryGetValue(source, out var links))
        {
            _links.Add(source, links = []);
        }

        links.Add(linkId);
    }

    /// <returns>Them, and from now on none.</returns>
    public IReadOnlyCollection<ulong> Take(Source source) => _links.Remove(source, out var links) ? links : [];
}
