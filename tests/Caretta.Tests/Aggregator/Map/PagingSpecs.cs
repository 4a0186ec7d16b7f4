using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Views;
using CsCheck;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Lists, a page at a time.</summary>
public class PagingSpecs
{
    private static readonly MapModel Shop = MapFacts.Model(
        MapFacts.Fact(MapFacts.Link("shop/web", "shop/cart", 80), sent: 10, received: 5),
        MapFacts.Fact(MapFacts.Link("shop/cart", "data/db", 5432), sent: 3, received: 7));

    [Fact]
    public void All_pages_together_hold_everything_once_in_order() =>
        Gen.Select(MapFacts.AnyCluster, Gen.Int[1, 7], Gen.Enum<SortBy>()).Sample((links, limit, sort) =>
        {
            var model = MapFacts.Model(links);
            var (whole, pages) = (Paging.Links(model, new PageQuery(EdgeFilter.All, sort, 1000, null)), new List<string>());
            PageCursor? after = null;
            do
            {
                var page = Paging.Links(model, new PageQuery(EdgeFilter.All, sort, limit, after));
                Assert.Equal(links.Length, page.Total);
                pages.AddRange(page.Items.Select(item => item.Id));
                after = page.Next is null ? null : PageCursor.TryParse(page.Next);
                Assert.Equal(page.Next is null, after is null);
            }
            while (after is not null);

            Assert.Equal(links.Length, whole.Items.Count);
            Assert.Equal(whole.Items.Select(item => item.Id), pages);
        });

    [Fact]
    public void Workloads_are_listed_with_what_goes_in_and_out() => MapFacts.AnyCluster.Sample(links =>
    {
        var model = MapFacts.Model(links);
        var page = Paging.Workloads(model, new PageQuery(EdgeFilter.All, SortBy.Bytes, 1000, null));
        Assert.Equal(model.Workloads.Count, page.Total);
        Assert.Equal(page.Items.Aggregate(0UL, (sum, item) => sum + item.BytesOut), page.Items.Aggregate(0UL, (sum, item) => sum + item.BytesIn));
        Assert.Equal(page.Items.Select(item => item.BytesIn + item.BytesOut).OrderDescending(), page.Items.Select(item => item.BytesIn + item.BytesOut));
    });

    [Theory]
    [InlineData("cart", "shop/cart")]
    [InlineData("shop", "shop/cart shop/web")]
    [InlineData("deployment data", "data/db")]
    [InlineData("nobody", "")]
    public void A_search_lists_who_is_called_so_and_not_whom_they_talk_to(string text, string names)
    {
        var page = Paging.Workloads(Shop, new PageQuery(new EdgeFilter { Text = text }, SortBy.Name, 1000, null));

        Assert.Equal(names, string.Join(' ', page.Items.Select(item => $"{item.Namespace}/{item.Name}")));
        Assert.Equal(page.Items.Count, page.Total);
    }

    [Fact]
    public void A_workload_of_a_namespace_is_listed_with_what_it_says_to_others_too()
    {
        var whole = Paging.Workloads(Shop, new PageQuery(EdgeFilter.All, SortBy.Name, 1000, null)).Items;
        var page = Paging.Workloads(Shop, new PageQuery(new EdgeFilter { Namespaces = ["data"] }, SortBy.Name, 1000, null));

        Assert.Equal(whole.Where(item => item.Namespace == "data"), page.Items);
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("bm90aGluZw")]
    [InlineData("TmFOfHg")]
    public void What_is_no_cursor_is_known_as_such(string text) => Assert.Null(PageCursor.TryParse(text));
}
