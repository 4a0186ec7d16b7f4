using System.CommandLine;
using System.Text.Json;
using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Views;

namespace Caretta.Aggregator.Cli;

/// <summary><c>links</c>: all links once, for people and for programs.</summary>
internal static class LinksCommand
{
    private static readonly JsonSerializerOptions Json = new(MapJson.Options)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Make()
    {
        var (server, filters) = (new ServerOptions(), new FilterOptions());
        var format = new Option<string>("--output", "-o") { Description = "table, json, csv or dot (Graphviz).", HelpName = "FORMAT", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json", "csv", "dot");
        var sort = new Option<string>("--sort") { Description = Parameters.Sort.Description, HelpName = "BY", DefaultValueFactory = _ => "rate" };
        sort.AcceptOnlyFromAmong([.. Parameters.Sort.Choices]);
        var limit = new Option<int>("--limit") { Description = "So many at most.", HelpName = "COUNT", DefaultValueFactory = _ => 100_000 };
        var command = new Command("links", "Shows the links of the whole cluster, each in the role it was observed in, those that carry the most first.") { format, sort, limit };
        filters.AddTo(command);
        server.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var aggregator = server.Open(parsed);
            var output = parsed.InvocationConfiguration.Output;
            var question = filters.Question(parsed);
            if (parsed.GetValue(format) == "dot")
            {
                await output.WriteAsync(await aggregator.AskAsync($"api/v1/map?{question}expand=*&maxNodes={MapQuery.MostNodes}&maxEdges={MapQuery.MostEdges}&format=dot", cancel));
                return 0;
            }

            var (links, missing) = await ReadAsync(aggregator, $"api/v1/links?{question}sort={parsed.GetValue(sort)}", parsed.GetValue(limit), cancel);
            await output.WriteLineAsync(parsed.GetValue(format) switch
            {
                "json" => JsonSerializer.Serialize(links, Json),
                "csv" => LinksText.ToCsv(links).TrimEnd(),
                _ => LinksText.ToTable(links),
            });
            return await ToldOfMissingAsync(missing, parsed.InvocationConfiguration.Error);
        });
        return command;
    }

    private static async Task<(IReadOnlyList<LinkItem> Links, IReadOnlyList<string> Missing)> ReadAsync(
        MapServer aggregator, string question, int limit, CancellationToken cancel)
    {
        var (links, missing, next) = (new List<LinkItem>(), new HashSet<string>(), "");
        while (next is not null && links.Count < limit)
        {
            var after = next.Length == 0 ? "" : $"&after={next}";
            var page = await aggregator.AskAsync<LinksPage>($"{question}&limit={Math.Min(PageQuery.MostItems, limit - links.Count)}{after}", cancel);
            links.AddRange(page.Items);
            missing.UnionWith(page.Members.Missing);
            next = page.Next;
        }

        return ([.. links.DistinctBy(link => link.Id)], [.. missing.Order(StringComparer.Ordinal)]); // one may have moved down a page meanwhile
    }

    /// <returns>The exit code.</returns>
    private static async Task<int> ToldOfMissingAsync(IReadOnlyList<string> missing, TextWriter error)
    {
        if (missing.Count > 0)
        {
            await error.WriteLineAsync($"Not complete: {string.Join(", ", missing.Select(CleanText.Of))} did not answer in time; those links are older, or missing.");
        }

        return missing.Count == 0 ? 0 : 1;
    }
}
