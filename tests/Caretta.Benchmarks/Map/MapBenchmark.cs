using System.Diagnostics;
using System.Globalization;
using System.Text;
using Caretta.Aggregator.Map.Gather;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Trails;
using Caretta.Aggregator.Map.Views;
using Caretta.Aggregator.Shards;

namespace Caretta.Benchmarks.Map;

/// <summary>What the map of a large cluster costs: to keep, to gather, to make, and to look at.</summary>
internal sealed class MapBenchmark : IBenchmark
{
    private const int Rounds = 25;
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);

    private readonly MemberSerializer _serializer = new(null!);
    private readonly StringBuilder _steps = new();

    public string Name => "map";

    public string Run()
    {
        var large = new LargeMap();
        var own = new OwnLinks();
        var (bytes, minute) = (Keep(large, own), 2000L);
        _steps.AppendLine("| step | median | 95 % | size |").AppendLine("| --- | --- | --- | --- |");
        Measure("sample one's own links", _ =>
        {
            own.Sample(large.Look(), TimeSpan.FromMinutes(minute++), minute);
            return 0;
        });
        Measure("another member asks for the first time: all links", _ => Pull(new HeldMember(), own));
        var held = new HeldMember();
        Pull(held, own);
        Measure("and again, one of ten has moved, sample included", _ =>
        {
            own.Sample(large.Look(), TimeSpan.FromMinutes(minute++), minute);
            return Pull(held, own);
        });
        Measure("make the model", round => Model(own, round).Number * 0);
        var model = Model(own, 0);
        foreach (var (what, query) in Queries(model))
        {
            Measure(what, _ => MapJson.Write(MapView.Of(model, query, Refresh)).Length);
        }

        Measure("/links, the first 100 by rate", _ => MapJson.Write(Paging.Links(model, new PageQuery(EdgeFilter.All, SortBy.Rate, 100, null))).Length);
        Measure("/workloads, the first 100 by bytes", _ => MapJson.Write(Paging.Workloads(model, new PageQuery(EdgeFilter.All, SortBy.Bytes, 100, null))).Length);
        Measure("/changes, an hour", _ => MapJson.Write(ChangeView.Of(model, EdgeFilter.All, 60)).Length);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{LargeMap.Workloads:N0} workloads, {model.Edges.Count:N0} edges, {model.Links.Count:N0} links, all on one member; {Rounds} rounds each. An answer is made once a refresh "
            + $"for all who ask the same, and is its JSON included.\n\nAn hour of history and the latest readings: {bytes / model.Links.Count:N0} bytes a link.\n\n{_steps}");
    }

    /// <returns>What an hour of all links takes, beside what they show.</returns>
    private static long Keep(LargeMap large, OwnLinks own)
    {
        _ = large.Look();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var minute = 0; minute <= History.Steps; minute++)
        {
            own.Sample(large.Look(), TimeSpan.FromMinutes(minute), 1000 + minute);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        return after - before;
    }

    private static IEnumerable<(string What, MapQuery Query)> Queries(MapModel model)
    {
        var workload = model.Workloads.MinBy(of => of.Workload.Id)!;
        return
        [
            ("/map as it opens", new MapQuery()),
            ("/map, one namespace expanded", new MapQuery { Expanded = [workload.Workload.Namespace] }),
            ("/map, all expanded, 1,000 nodes and 3,000 edges", new MapQuery { Expanded = [MapQuery.Everything], MaxNodes = MapQuery.MostNodes, MaxEdges = MapQuery.MostEdges }),
            ("/map, search by name", new MapQuery { Filter = new EdgeFilter { Text = "service-7" } }),
            ("/map, around one workload, two hops", new MapQuery { Focus = workload.Id, Hops = 2 }),
        ];
    }

    private static MapModel Model(OwnLinks own, long number) => MapModel.Of(number, DateTimeOffset.UnixEpoch, MembersAnswered.Nobody, own.Facts);

    /// <returns>Bytes on the wire.</returns>
    private long Pull(HeldMember held, OwnLinks own)
    {
        var (bytes, number, more) = (0L, 0L, true);
        while (more)
        {
            var told = _serializer.ToBinary(new TellLinks(own, 7).Answer(held.Ask(++number)));
            bytes += told.Length;
            more = held.Take((LinksTold)_serializer.FromBinary(told, "links-told-1"), default);
        }

        return bytes;
    }

    private void Measure(string what, Func<int, long> step)
    {
        var samples = new Samples();
        var size = 0L;
        for (var round = -3; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            size = step(round);
            if (round >= 0)
            {
                samples.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        _steps.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {samples.Median:F1} ms | {samples.Quantile(0.95):F1} ms | {(size == 0 ? "" : $"{size / 1024.0:N0} KiB")} |");
    }
}
