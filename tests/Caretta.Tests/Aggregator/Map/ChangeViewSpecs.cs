using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Views;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>What appeared and what vanished.</summary>
public class ChangeViewSpecs
{
    [Fact]
    public void Appeared_is_what_was_first_seen_in_these_minutes_and_vanished_what_was_only_seen_in_those_before()
    {
        var model = MapFacts.Model(
            Seen("n/new", first: 5, last: 1),
            Seen("n/steady", first: 500, last: 1),
            Seen("n/vanished", first: 500, last: 70),
            Seen("n/idle-but-open", first: 500, last: 70, established: 1),
            Seen("n/long-gone", first: 500, last: 130),
            MapFacts.Fact(MapFacts.Link("n/unknown-first", "n/server"), firstMs: 0, lastMs: Ago(1)));

        var changes = ChangeView.Of(model, EdgeFilter.All, minutes: 60);

        Assert.Equal(["new"], changes.Appeared.Select(edge => edge.Client.Name));
        Assert.Equal(["vanished"], changes.Vanished.Select(edge => edge.Client.Name));
        Assert.Equal((1, 1, 60), (changes.AppearedTotal, changes.VanishedTotal, changes.Minutes));
        Assert.Empty(ChangeView.Of(model, new EdgeFilter { Names = ["steady"] }, minutes: 60).Appeared);
    }

    private static LinkFact Seen(string client, int first, int last, uint established = 0) =>
        MapFacts.Fact(MapFacts.Link(client, "n/server"), established: established, firstMs: Ago(first), lastMs: Ago(last));

    private static long Ago(int minutes) => MapFacts.Now.AddMinutes(-minutes).ToUnixTimeMilliseconds();
}
