using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Views;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>What is asked, and what is refused.</summary>
public class QuestionReaderSpecs
{
    [Fact]
    public void Everything_that_may_be_asked_is_read()
    {
        var query = Read("?namespace=a,b&namespace=c&kind=Deployment&name=*x*&port=443&port=8000-8100&external=only&minRate=1.5e3&q=two%20words&hide=w1,n:shop&isolate=w2"
            + "&expand=shop&focus=w7&hops=3&maxNodes=1000&maxEdges=3000").Map();
        Assert.Equal(["a", "b", "c"], query.Filter.Namespaces);
        Assert.Equal("443 8000-8100", string.Join(' ', query.Filter.Ports));
        Assert.Equal((ExternalEnds.Only, 1500.0, "two words"), (query.Filter.External, query.Filter.MinRate, query.Filter.Text));
        Assert.Equal(["n:shop", "w1"], query.Filter.Hidden.Order());
        Assert.Equal(("w7", 3, 1000, 3000), (query.Focus, query.Hops, query.MaxNodes, query.MaxEdges));
        Assert.Equal(["shop"], query.Expanded!);
    }

    [Fact]
    public void Asked_nothing_it_has_defaults()
    {
        var query = Read("").Map();
        Assert.Equal((300, 600, 1, null, null), (query.MaxNodes, query.MaxEdges, query.Hops, query.Focus, query.Expanded));
    }

    [Theory]
    [InlineData("?maxNodes=0", "maxNodes")]
    [InlineData("?maxNodes=1001", "maxNodes")]
    [InlineData("?maxNodes=-1", "maxNodes")]
    [InlineData("?maxNodes=1e2", "maxNodes")]
    [InlineData("?maxNodes=99999999999999999999", "maxNodes")]
    [InlineData("?maxNodes=1&maxNodes=2", "maxNodes")]
    [InlineData("?maxEdges=3001", "maxEdges")]
    [InlineData("?hops=4", "hops")]
    [InlineData("?minRate=NaN", "minRate")]
    [InlineData("?minRate=Infinity", "minRate")]
    [InlineData("?minRate=-1", "minRate")]
    [InlineData("?port=65536", "port")]
    [InlineData("?port=80-70", "port")]
    [InlineData("?port=a", "port")]
    [InlineData("?port=1-2-3", "port")]
    [InlineData("?external=maybe", "external")]
    [InlineData("?format=xml", "format")]
    [InlineData("?focus=../../etc/passwd", "focus")]
    [InlineData("?hide=%3Cscript%3E", "hide")]
    [InlineData("?namespaces=shop", "namespaces")]
    [InlineData("?MAXNODES=5", "MAXNODES")]
    [InlineData("?%00=1", "There is no parameter")]
    public void What_cannot_be_understood_is_refused_and_named(string question, string named)
    {
        var refusal = Assert.Throws<BadParameterException>(() =>
        {
            var reader = Read(question);
            _ = reader.Map();
            _ = reader.Choice(Parameters.Format);
        });
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_much_is_refused_and_not_repeated()
    {
        foreach (var question in new[] { "?name=" + new string('x', 5000), "?q=" + new string('x', 5000), "?hide=" + string.Join(',', Enumerable.Range(1, 501).Select(number => $"w{number}")), "?" + new string('x', 5000) })
        {
            Assert.InRange(Assert.Throws<BadParameterException>(() => Read(question).Map()).Message.Length, 1, 400);
        }
    }

    [Fact]
    public void No_question_does_anything_but_be_answered_or_refused() =>
        Gen.Select(Gen.Int[0, Parameters.OfMap.Count - 1], Gen.String).Array[0, 5].Sample(pairs =>
        {
            var question = QueryString.Create(pairs.Select(pair => KeyValuePair.Create<string, string?>(Parameters.OfMap[pair.Item1].Name, pair.Item2))).Value ?? "";
            try
            {
                _ = MapViewSpecs.View(MapFacts.Model(MapFacts.Fact(MapFacts.Link("n/a", "n/b"))), Read(question).Map());
            }
            catch (BadParameterException)
            {
                // an answer as well
            }
        });

    private static QuestionReader Read(string question) => new(new QueryCollection(QueryHelpers.ParseQuery(question)), Parameters.OfMap);
}
