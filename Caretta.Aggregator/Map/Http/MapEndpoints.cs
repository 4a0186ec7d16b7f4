using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Gather;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Views;

namespace Caretta.Aggregator.Map.Http;

/// <summary>The API: questions about the map, cluster-wide from any member.</summary>
internal static class MapEndpoints
{
    public const string Root = "/api/v1";
    public const string Document = Root + "/openapi.json";
    private const string Json = "application/json";

    public static void MapTheMap(this WebApplication app)
    {
        var api = app.MapGroup(Root).AddEndpointFilter(Problems.ExplainAsync);
        Describe<MapAnswer>(api.MapGet("/map", MapAsync), "getMap", "The map at a level of detail.", Parameters.OfMap, MapExports.Csv, MapExports.Dot);
        Describe<LinksPage>(api.MapGet("/links", LinksAsync), "listLinks", "Links, each in its role, a page at a time.", Parameters.OfPage);
        Describe<LinkDetail>(api.MapGet("/links/{id}", LinkAsync), "getLink", "A link or an edge, with its last hour.", Parameters.None).ProducesProblem(404);
        Describe<WorkloadsPage>(api.MapGet("/workloads", WorkloadsAsync), "listWorkloads", "Workloads, a page at a time.", Parameters.OfPage);
        Describe<WorkloadDetail>(api.MapGet("/workloads/{id}", WorkloadAsync), "getWorkload", "A workload, with its ports and its last hour.", Parameters.None)
            .ProducesProblem(404);
        Describe<ChangesAnswer>(api.MapGet("/changes", ChangesAsync), "getChanges", "What appeared and what vanished lately.", Parameters.OfChanges);
        api.MapGet("/stream", (HttpContext context, MapStream stream) => stream.ServeAsync(context))
            .WithName("streamMap").WithMetadata(Parameters.OfStream)
            .WithSummary("Server-sent events: map, a whole map as getMap answers; delta, what changed since; comments as heartbeats.")
            .Produces<string>(200, "text/event-stream").Produces<MapDelta>(200, Json).ProducesProblem(400).ProducesProblem(503);
        app.MapOpenApi(Document);
        app.Map("/api/{**rest}", Problems.NoSuchQuestion).ExcludeFromDescription();
    }

    private static async Task<IResult> MapAsync(HttpContext context, MapClient map, MapViews views)
    {
        var reader = new QuestionReader(context.Request.Query, Parameters.OfMap);
        var (query, format) = (reader.Map(), Format(context, reader.Choice(Parameters.Format)));
        var model = await map.LookAsync(context.RequestAborted);
        var view = views.Of(model, query, context.Request.QueryString.Value ?? "");
        return format switch
        {
            "csv" => Results.Text(MapExports.ToCsv(view.Answer), MapExports.Csv),
            "dot" => Results.Text(MapExports.ToDot(view.Answer), MapExports.Dot),
            _ => Results.Bytes(view.Json, Json),
        };
    }

    private static async Task<IResult> LinksAsync(HttpContext context, MapClient map)
    {
        var query = new QuestionReader(context.Request.Query, Parameters.OfPage).Page();
        return Answer(Paging.Links(await map.LookAsync(context.RequestAborted), query));
    }

    private static async Task<IResult> WorkloadsAsync(HttpContext context, MapClient map)
    {
        var query = new QuestionReader(context.Request.Query, Parameters.OfPage).Page();
        return Answer(Paging.Workloads(await map.LookAsync(context.RequestAborted), query));
    }

    private static async Task<IResult> ChangesAsync(HttpContext context, MapClient map)
    {
        var reader = new QuestionReader(context.Request.Query, Parameters.OfChanges);
        var (filter, minutes) = (reader.Filter(), reader.Whole(Parameters.Minutes));
        return Answer(ChangeView.Of(await map.LookAsync(context.RequestAborted), filter, minutes));
    }

    private static async Task<IResult> LinkAsync(HttpContext context, string id, MapClient map)
    {
        _ = new QuestionReader(context.Request.Query, Parameters.None);
        var model = await map.LookAsync(context.RequestAborted);
        var link = MapIds.Link(id) is { } linkId ? model.Link(linkId) : null;
        if ((link is not null ? model.Edge(link.EdgeId) : MapIds.Edge(id) is { } edgeId ? model.Edge(edgeId) : null) is not { } edge)
        {
            return Problems.NotFound(id);
        }

        var history = link is not null
            ? await map.HistoryAsync(link, context.RequestAborted)
            : (await map.HistoriesAsync([edge], context.RequestAborted))[edge.Id];
        LinkFact[] roles = link is not null ? [link] : [.. edge.Roles];
        return Answer(new LinkDetail(
            model.At,
            model.Members.AreAll,
            Dtos.Of(model.Members),
            Dtos.Of(edge),
            LinkViews.Name(edge.From.Workload),
            LinkViews.Name(edge.To.Workload),
            [.. roles.Select(role => LinkViews.Item(role, model.At))],
            LinkViews.Of(history, partial: false),
            [.. roles.SelectMany(PromQueries.Of)]));
    }

    private static async Task<IResult> WorkloadAsync(HttpContext context, string id, MapClient map)
    {
        _ = new QuestionReader(context.Request.Query, Parameters.None);
        var model = await map.LookAsync(context.RequestAborted);
        if ((MapIds.Workload(id) is { } number ? model.Workload(number) : null) is not { } workload)
        {
            return Problems.NotFound(id);
        }

        List<MapEdge> edges = [.. model.Edges.Where(edge => edge.From == workload || edge.To == workload)];
        var others = new NodeSums();
        var sums = new NodeSums();
        foreach (var edge in edges)
        {
            NodeSums.Add(edge.From == workload ? sums : others, edge.To == workload ? sums : others, edge.Sums);
        }

        var most = edges.OrderByDescending(edge => edge.Sums.Rate).ThenByDescending(edge => edge.Sums.Bytes).Take(AskHistories.Most / 2).ToList();
        var histories = await map.HistoriesAsync(most, context.RequestAborted);
        var seen = edges.Aggregate(default(EdgeSums), (sum, edge) => sum + edge.Sums);
        return Answer(new WorkloadDetail(
            model.At,
            model.Members.AreAll,
            Dtos.Of(model.Members),
            Dtos.Of(workload, sums),
            Dtos.Time(seen.FirstMs),
            Dtos.Time(seen.LastMs),
            LinkViews.Ports(workload, edges),
            LinkViews.Of(WorkloadHistory.Of(workload, most, histories), partial: most.Count < edges.Count),
            PromQueries.Of(workload)));
    }

    private static IResult Answer<T>(T answer) => Results.Bytes(MapJson.Write(answer), Json);

    private static string Format(HttpContext context, string asked) => asked.Length > 0 ? asked
        : context.Request.Headers.Accept.ToString() is var accept && accept.Contains(MapExports.Csv, StringComparison.OrdinalIgnoreCase) ? "csv"
        : accept.Contains(MapExports.Dot, StringComparison.OrdinalIgnoreCase) ? "dot"
        : "json";

    private static RouteHandlerBuilder Describe<T>(
        RouteHandlerBuilder endpoint, string name, string summary, IReadOnlyList<Parameter> parameters, params string[] otherTypes) => endpoint
        .WithName(name).WithSummary(summary).WithMetadata(parameters).Produces<T>(200, Json, otherTypes).ProducesProblem(400).ProducesProblem(503);
}
