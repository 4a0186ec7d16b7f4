using System.Globalization;
using System.Text;
using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Views;

/// <summary>By what pages are sorted.</summary>
internal enum SortBy
{
    Rate,
    Bytes,
    Failed,
    Name,
}

/// <summary>The last item of a page, where the next one begins, whatever has come and gone meanwhile.</summary>
/// <param name="Value">By which it is sorted; 0 by name.</param>
internal readonly record struct PageCursor(double Value, string Name)
{
    public override string ToString() =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Value:R}|{Name}"))).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    /// <returns>Null: it is none of ours.</returns>
    public static PageCursor? TryParse(string text)
    {
        var bytes = new byte[text.Length];
        var padded = text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4);
        return Convert.TryFromBase64String(padded, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split('|', 2) is [var value, var name]
            && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new PageCursor(number, name)
            : null;
    }
}

/// <param name="After">Null: from the first on.</param>
internal sealed record PageQuery(EdgeFilter Filter, SortBy Sort, int Limit, PageCursor? After)
{
    public const int MostItems = 1000;
}

/// <summary>Lists, a page at a time.</summary>
internal static class Paging
{
    public static LinksPage Links(MapModel model, PageQuery query)
    {
        var links = query.Filter.Of(model).SelectMany(edge => edge.Roles).ToList();
        var (page, next) = Page(links, query, link => Value(link, query.Sort), Name);
        return new LinksPage(
            model.At, model.Members.AreAll, Dtos.Of(model.Members), links.Count, [.. page.Select(link => LinkViews.Item(link, model.At))], next);
    }

    /// <summary>Those asked for, without whom they talk to; their sums are of all edges the filter lets through.</summary>
    public static WorkloadsPage Workloads(MapModel model, PageQuery query)
    {
        var sums = new NodeSums?[model.Workloads.Count];
        foreach (var edge in query.Filter.Of(model))
        {
            NodeSums.Add(sums[edge.From.Index] ??= new NodeSums(), sums[edge.To.Index] ??= new NodeSums(), edge.Sums);
        }

        var named = query.Filter.Named(model);
        List<(MapWorkload Workload, NodeSums Sums)> seen =
            [.. model.Workloads.Where(workload => named[workload.Index] && sums[workload.Index] is not null).Select(workload => (workload, sums[workload.Index]!))];
        var (page, next) = Page(seen, query, of => Value(of.Sums, query.Sort), of => Name(of.Workload));
        return new WorkloadsPage(
            model.At, model.Members.AreAll, Dtos.Of(model.Members), seen.Count, [.. page.Select(of => Dtos.Of(of.Workload, of.Sums))], next);
    }

    private static (IReadOnlyList<T> Page, string? Next) Page<T>(IReadOnlyCollection<T> items, PageQuery query, Func<T, double> value, Func<T, string> name)
    {
        var keyed = items.Select(item => (Item: item, Value: value(item), Name: name(item)));
        if (query.After is { } after)
        {
            keyed = keyed.Where(item => item.Value < after.Value || (item.Value == after.Value && string.CompareOrdinal(item.Name, after.Name) > 0));
        }

        var page = keyed.OrderByDescending(item => item.Value).ThenBy(item => item.Name, StringComparer.Ordinal).Take(query.Limit + 1).ToList();
        var last = page.Count > query.Limit ? page[query.Limit - 1] : default;
        return ([.. page.Take(query.Limit).Select(item => item.Item)], page.Count > query.Limit ? new PageCursor(last.Value, last.Name).ToString() : null);
    }

    private static double Value(LinkFact link, SortBy sort) => sort switch
    {
        SortBy.Rate => (double)link.Rates.Sent + link.Rates.Received,
        SortBy.Bytes => (double)link.Figures.SentBytes + link.Figures.ReceivedBytes,
        SortBy.Failed => link.Figures.Failed,
        _ => 0,
    };

    private static double Value(NodeSums sums, SortBy sort) => sort switch
    {
        SortBy.Rate => sums.Rate,
        SortBy.Bytes => sums.Bytes,
        SortBy.Failed => sums.Failed,
        _ => 0,
    };

    /// <summary>Of links no two are the same.</summary>
    private static string Name(LinkFact link) =>
        $"{link.Link.Client.Namespace}/{link.Link.Client.Name}>{link.Link.Server.Namespace}/{link.Link.Server.Name}:{link.Link.ServerPort:D5}#{link.Link.Id}";

    private static string Name(MapWorkload workload) => $"{workload.Workload.Namespace}/{workload.Workload.Name}#{workload.Id}";
}
