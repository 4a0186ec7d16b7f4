using Prometheus;

namespace Caretta.Aggregator.Map;

/// <summary>What the map costs and lacks. docs/metrics.md lists them; a spec compares.</summary>
internal sealed class MapMetrics(IMetricFactory metrics)
{
    public Gauge Streams { get; } = metrics.CreateGauge("caretta_aggregator_map_streams", "Open pages: streams of the map at this member.");

    public Counter StreamsRefused { get; } = metrics.CreateCounter(
        "caretta_aggregator_map_streams_refused_total", "Streams of the map refused because there were 200.");

    public Counter StreamsDropped { get; } = metrics.CreateCounter(
        "caretta_aggregator_map_streams_dropped_total", "Streams of the map ended because their clients did not read for ten seconds.");

    public Counter Gathers { get; } = metrics.CreateCounter(
        "caretta_aggregator_map_gathers_total", "Times the links of all members were gathered because somebody looked.");

    public Histogram GatherSeconds { get; } = metrics.CreateHistogram(
        "caretta_aggregator_map_gather_seconds",
        "From the question to all members until the map was made.",
        new HistogramConfiguration { Buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3] });

    public Counter MembersMissing { get; } = metrics.CreateCounter(
        "caretta_aggregator_map_members_missing_total", "Times a member had not answered in time, and the map said that it is not complete.");

    public Counter OldAnswers { get; } = metrics.CreateCounter(
        "caretta_aggregator_map_old_answers_total", "Answers with the map as it last was, because a new one was not made in time; they say that it is not complete.");

    public Gauge Links { get; } = metrics.CreateGauge("caretta_aggregator_map_links", "Links of the whole cluster on the map this member last made.");

    public Gauge LinksWithoutHistory { get; } = metrics.CreateGauge(
        "caretta_aggregator_map_links_without_history", "Links of this member without a history, because 100,000 have one.");

    public Counter QuestionsRefused { get; } = metrics.CreateCounter(
        "caretta_aggregator_map_questions_refused_total", "Questions about histories refused because too many were open.");
}
