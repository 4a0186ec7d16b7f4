using Caretta.Aggregator.Journal;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

public class ReportedLinksSpecs
{
    [Fact]
    public void A_source_that_falls_silent_concerns_the_links_it_reported_and_only_once()
    {
        var (silent, other, links) = (Traffic.Source("silent"), Traffic.Source("other"), new ReportedLinks());
        links.Add(silent, 1);
        links.Add(silent, 2);
        links.Add(silent, 1);
        links.Add(other, 3);
        Assert.Equal(new HashSet<ulong> { 1, 2 }, links.Take(silent).ToHashSet());
        Assert.Empty(links.Take(silent));
        Assert.Equal([3UL], links.Take(other));
    }
}
