using System.Diagnostics;
using Caretta.Aggregator.Cluster;

namespace Caretta.Aggregator.Exposition;

/// <summary>
/// Decides when a scrape begins whether the links are on its page. Between this and the page's copy of the links the process may be
/// stopped for any time: the scrape has begun before that, and says so.
/// </summary>
internal sealed class ScrapeOwnership(OwnershipLease lease, ClusterMetrics metrics)
{
    /// <param name="began">Taken before.</param>
    public bool Begin(long began)
    {
        metrics.ScrapeBegan.Set((double)began / Stopwatch.Frequency);
        var owns = lease.Held;
        metrics.OwnsLinks.Set(owns ? 1 : 0);
        if (!owns)
        {
            metrics.ScrapesWithoutLinks.Inc();
        }

        return owns;
    }
}
