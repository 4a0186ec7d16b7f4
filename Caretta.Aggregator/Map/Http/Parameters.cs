using Caretta.Aggregator.Map.Views;

namespace Caretta.Aggregator.Map.Http;

/// <summary>All parameters of the API, and which of them each question takes.</summary>
internal static class Parameters
{
    public static readonly Parameter Namespace = List("namespace", "With an end in one of these namespaces.");
    public static readonly Parameter Kind = List("kind", "With an end of one of these kinds (Deployment, process).");
    public static readonly Parameter Name = List("name", "With an end whose name contains one of these, or with * for any characters is like it.");
    public static readonly Parameter Port = List("port", "To one of these server ports: 443, or 8000-8100.");

    public static readonly Parameter External = Choice("external", "only: with an external end; no: without one.", "only", "no");

    public static readonly Parameter MinRate = new("minRate", ParameterKind.Number, "Of at least so many bytes a second, both ways.") { Most = 1e15 };

    public static readonly Parameter Search = new("q", ParameterKind.Text, "With an end in whose namespace/kind/name all these words are found.");
    public static readonly Parameter Hide = Ids("hide", "Without these workloads and namespaces (ids).");
    public static readonly Parameter Isolate = Ids("isolate", "Only these workloads and namespaces (ids), with those they talk to.");
    public static readonly Parameter Expand = Ids("expand", "Namespaces drawn as their workloads, * for all; by default all, if no more than maxNodes workloads are seen, else none.");
    public static readonly Parameter Focus = new("focus", ParameterKind.Text, "Id of a workload or namespace: only what is within so many hops of it.");
    public static readonly Parameter Hops = Whole("hops", "How far around the focus.", 1, MapQuery.MostHops, 1);
    public static readonly Parameter MaxNodes = Whole("maxNodes", "Further ones, by rate, are one node of type rest.", 1, MapQuery.MostNodes, 300);
    public static readonly Parameter MaxEdges = Whole("maxEdges", "Further ones, by rate, are one edge of type rest.", 1, MapQuery.MostEdges, 600);
    public static readonly Parameter Format = Choice("format", "By default as the header Accept says, else json.", "json", "csv", "dot");
    public static readonly Parameter Limit = Whole("limit", "Items of a page.", 1, PageQuery.MostItems, 100);
    public static readonly Parameter After = new("after", ParameterKind.Text, "The page that follows on one: its next.");
    public static readonly Parameter Sort = Choice("sort", "The greatest first, or by name; by default rate.", "rate", "bytes", "failed", "name");
    public static readonly Parameter Minutes = Whole("minutes", "How far back.", 1, ChangeView.MostMinutes, 60);

    public static readonly IReadOnlyList<Parameter> OfFilter = [Namespace, Kind, Name, Port, External, MinRate, Search, Hide, Isolate];
    public static readonly IReadOnlyList<Parameter> OfStream = [.. OfFilter, Expand, Focus, Hops, MaxNodes, MaxEdges];
    public static readonly IReadOnlyList<Parameter> OfMap = [.. OfStream, Format];
    public static readonly IReadOnlyList<Parameter> OfPage = [.. OfFilter, Limit, After, Sort];
    public static readonly IReadOnlyList<Parameter> OfChanges = [.. OfFilter, Minutes];
    public static readonly IReadOnlyList<Parameter> None = [];

    private static Parameter List(string name, string description) => new(name, ParameterKind.List, description + " Repeated, or separated by commas.");

    private static Parameter Ids(string name, string description) => List(name, description) with { MostItems = 500 };

    private static Parameter Choice(string name, string description, params string[] choices) =>
        new(name, ParameterKind.Choice, description) { Choices = choices };

    private static Parameter Whole(string name, string description, int least, int most, int otherwise) =>
        new(name, ParameterKind.Whole, description) { Least = least, Most = most, Default = otherwise };
}
