using Caretta.Aggregator;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Views;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>The map for other programs; names come from strangers.</summary>
public class MapExportsSpecs
{
    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("plain", "plain")]
    public void No_cell_is_a_formula_or_ends_early(string name, string cell) => Assert.Equal(cell, CsvText.Cell(name));

    [Theory]
    [InlineData("a\"];evil[", "\"a\\\"];evil[\"")]
    [InlineData("\\", "\"\\\\\"")]
    [InlineData("\\N", "\"\\\\N\"")]
    [InlineData("a\r\nb", "\"a\\nb\"")]
    [InlineData("<b>", "\"<b>\"")]
    public void No_name_gets_out_of_its_quotes(string name, string quoted) => Assert.Equal(quoted, MapExports.Quoted(name));

    [Fact]
    public void A_csv_has_a_line_an_edge_and_every_line_as_many_cells()
    {
        var view = MapViewSpecs.View(
            MapFacts.Model(MapFacts.Fact(MapFacts.Link("shop/=cmd", "shop/db", 5432), sent: 7), MapFacts.Fact(MapFacts.Link("shop/web", "external/x", 443))), new MapQuery());
        var lines = MapExports.ToCsv(view).TrimEnd().Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(sign => sign == ','), line.Count(sign => sign == ',')));
        Assert.Contains(",'=cmd,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_has_namespaces_as_clusters_and_all_edges()
    {
        var view = MapViewSpecs.View(
            MapFacts.Model(MapFacts.Fact(MapFacts.Link("shop/ca\"rt", "data/db", 5432), sentRate: 1500), MapFacts.Fact(MapFacts.Link("shop/web", "data/db", 80))), new MapQuery { Expanded = ["shop"] });
        var dot = MapExports.ToDot(view);
        Assert.Contains("subgraph cluster_0 {\n    label=\"shop\";", dot, StringComparison.Ordinal);
        Assert.Contains("[label=\"Deployment\\nca\\\"rt\"]", dot, StringComparison.Ordinal);
        Assert.Contains("\"n:data\" [label=\"data\\n1 workloads\", shape=folder]", dot, StringComparison.Ordinal);
        Assert.Contains("label=\"1.5 kB/s\"", dot, StringComparison.Ordinal);
        Assert.Equal(view.Edges.Count, dot.Split(" -> ").Length - 1);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999.4, "999 B")]
    [InlineData(999.5, "1 kB")]
    [InlineData(99_949, "99.9 kB")]
    [InlineData(99_950, "100 kB")]
    [InlineData(1.25e12, "1.2 TB")]
    public void Amounts_are_short(double bytes, string text) => Assert.Equal(text, ByteText.Of(bytes));
}
