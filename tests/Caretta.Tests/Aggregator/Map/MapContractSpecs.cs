using System.Text.Json;
using System.Text.Json.Nodes;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using Json.Schema;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>What is answered is what the OpenAPI document promises, no more and no less.</summary>
public class MapContractSpecs
{
    private static readonly NetworkLink Cart = MapFacts.Link("shop/cart", "data/db", 5432);

    [Fact]
    public async Task Every_answer_is_as_the_document_says()
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        await aggregator.ReportAsync(
            new Report(Cart, 1, Traffic.Totals(1000, 50), Traffic.Levels(3)),
            new Report(Cart with { Role = Role.Server }, 1, Traffic.Totals(60, 990), default),
            new Report(MapFacts.Link("shop/web", "external/pay", 443), 1, default, default));
        using var map = await MapApiSpecs.UntilAsync(aggregator, "/api/v1/map", answer => answer.GetProperty("totals").GetProperty("links").GetInt32() == 3);
        var document = JsonNode.Parse(await aggregator.GetAsync("/api/v1/openapi.json"))!;
        (string Path, string Asked)[] questions =
        [
            ("/api/v1/map", "/api/v1/map"), ("/api/v1/map", "/api/v1/map?expand=*&maxNodes=1&maxEdges=1"), ("/api/v1/map", "/api/v1/map?expand=none&q=nothing"),
            ("/api/v1/links", "/api/v1/links?limit=1"), ("/api/v1/workloads", "/api/v1/workloads"),
            ("/api/v1/links/{id}", $"/api/v1/links/e{Cart.Id}"), ("/api/v1/workloads/{id}", $"/api/v1/workloads/w{Cart.Client.Id}"),
            ("/api/v1/changes", "/api/v1/changes"),
        ];
        foreach (var (path, asked) in questions)
        {
            AssertValid(document, Schema(document, path, "200"), await aggregator.GetAsync(asked), asked);
        }

        using var refused = await aggregator.Client.GetAsync(new Uri("/api/v1/map?hops=9", UriKind.Relative), TestContext.Current.CancellationToken);
        AssertValid(document, Schema(document, "/api/v1/map", "400", "application/problem+json"), await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "a problem");
    }

    [Fact]
    public async Task The_document_tells_every_parameter_that_is_taken_and_nothing_beside_the_API()
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        var paths = JsonNode.Parse(await aggregator.GetAsync("/api/v1/openapi.json"))!["paths"]!.AsObject();
        Assert.Equal(
            ["/api/v1/changes", "/api/v1/links", "/api/v1/links/{id}", "/api/v1/map", "/api/v1/stream", "/api/v1/workloads", "/api/v1/workloads/{id}"],
            paths.Select(path => path.Key).Order(StringComparer.Ordinal));
        string[] told = [.. paths["/api/v1/map"]!["get"]!["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>())];
        Assert.Equal(Caretta.Aggregator.Map.Http.Parameters.OfMap.Select(parameter => parameter.Name), told);
        Assert.Equal(1000, paths["/api/v1/map"]!["get"]!["parameters"]!.AsArray().Single(parameter => parameter!["name"]!.GetValue<string>() == "maxNodes")!["schema"]!["maximum"]!.GetValue<int>());
    }

    private static JsonNode Schema(JsonNode document, string path, string status, string type = "application/json") =>
        document["paths"]![path]!["get"]!["responses"]![status]!["content"]![type]!["schema"]!;

    /// <summary>Properties the document does not tell of are faults as well, but where it says that there may be any.</summary>
    private static void AssertValid(JsonNode document, JsonNode schema, string answer, string asked)
    {
        var whole = (JsonObject)schema.DeepClone();
        whole["$defs"] = document["components"]!["schemas"]!.DeepClone();
        Close(whole);
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        using var json = JsonDocument.Parse(answer);
        var result = JsonSchema.FromText(text).Evaluate(json.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        var faults = (result.Details ?? []).Where(detail => detail.Errors is not null)
            .Select(detail => $"{asked} {detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}");
        Assert.True(result.IsValid, string.Join('\n', faults));
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject one)
        {
            if (one["properties"] is JsonObject && one["additionalProperties"] is null && one["required"] is JsonArray)
            {
                one["additionalProperties"] = false;
            }

            foreach (var (_, child) in one.ToList())
            {
                Close(child);
            }
        }
        else if (node is JsonArray many)
        {
            foreach (var child in many)
            {
                Close(child);
            }
        }
    }
}
