using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Model;
using Caretta.Tests.Aggregator.Cluster;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>What one open page is told, and what it costs when it does not listen.</summary>
public sealed class MapStreamSpecs : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StoppableLife _life = new();
    private readonly MapMetrics _metrics = new(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
    private readonly MapSettings _settings = new(TimeSpan.FromSeconds(5)) { MostStreams = 2 };
    private readonly MapFeed _feed;
    private readonly FakeMapSource _source;
    private readonly MapStream _stream;
    private readonly CancellationTokenSource _closed = new();
    private long _number;

    public MapStreamSpecs()
    {
        _feed = new MapFeed(_metrics, _settings);
        _source = new FakeMapSource(_feed);
        _stream = new MapStream(_feed, _source, new MapViews(_settings), _settings, _metrics, _time, _life);
        Publish(sent: 1);
    }

    [Fact]
    public async Task First_comes_the_whole_map_then_what_changed_and_the_numbers_count()
    {
        var body = await FirstTwoAsync();

        Assert.StartsWith("id: 1\nevent: map\ndata: {\"at\":", body.Taken[0], StringComparison.Ordinal);
        Assert.StartsWith("id: 2\nevent: delta\ndata: {\"at\":", body.Taken[1], StringComparison.Ordinal);
        Assert.All(body.Taken, text => Assert.EndsWith("}\n\n", text, StringComparison.Ordinal));
        Assert.All(body.Taken, text => Assert.Equal(4, text.Count(sign => sign == '\n')));
    }

    [Fact]
    public async Task Where_there_is_only_an_old_map_it_comes_first_and_says_so_and_the_next_one_follows()
    {
        _source.IsLate = true;
        var body = await FirstTwoAsync();

        Assert.Contains("\"complete\":false", body.Taken[0], StringComparison.Ordinal);
        Assert.Contains("\"missing\":[\"this one\"]", body.Taken[0], StringComparison.Ordinal);
        Assert.StartsWith("id: 2\nevent: delta\n", body.Taken[1], StringComparison.Ordinal);
        Assert.Contains("\"complete\":true", body.Taken[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_that_stands_in_for_a_later_one_is_not_shown_to_who_saw_it_while_it_was_the_latest()
    {
        var views = new MapViews(_settings);
        var latest = views.Of(_feed.Current, new(), "?a");
        var old = views.Of(_feed.Current.AsItWas("this one"), new(), "?a");
        Assert.Equal((true, false), (latest.Answer.Complete, old.Answer.Complete));
        Assert.Same(latest, views.Of(_feed.Current, new(), "?a"));
    }

    [Fact]
    public async Task While_nothing_happens_a_comment_says_that_the_stream_lives()
    {
        var (body, serving) = Open();
        body.ReadOn();
        await body.NextAsync();
        await _time.TimerWithin(_settings.HeartbeatEvery, after: _settings.WriteWithin);
        _time.Pass(_settings.HeartbeatEvery);
        await body.NextAsync();
        Assert.StartsWith(":", body.Taken[1], StringComparison.Ordinal);
        await CloseAsync(serving);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_dropped_and_counted()
    {
        var (_, serving) = Open();
        await _time.TimerWithin(_settings.WriteWithin);
        _time.Pass(_settings.WriteWithin);
        await serving;
        Assert.Equal((1.0, 0, 0.0), (_metrics.StreamsDropped.Value, _feed.Streams, _metrics.Streams.Value));
    }

    [Fact]
    public async Task A_client_that_reads_slowly_misses_maps_and_no_change()
    {
        var (body, serving) = Open();
        body.ReadOn();
        await body.NextAsync();
        body.StopReading();
        for (var sent = 2UL; sent <= 50; sent++)
        {
            Publish(sent);
        }

        body.ReadOn();
        await body.NextAsync();
        while (!body.Taken[^1].Contains("\"bytesToServer\":50,", StringComparison.Ordinal))
        {
            await body.NextAsync();
        }

        Assert.InRange(body.Taken.Count, 2, 4);
        await CloseAsync(serving);
    }

    [Fact]
    public async Task Beyond_so_many_streams_one_is_refused_and_told_why()
    {
        var (one, other) = (Open(), Open());
        var context = Context(new MemoryStream());
        await _stream.ServeAsync(context);
        Assert.Equal((503, "30", 1.0), (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString(), _metrics.StreamsRefused.Value));
        await CloseAsync(one.Serving, other.Serving);
        Assert.Equal(0, _feed.Streams);
    }

    [Fact]
    public async Task When_the_member_stops_streams_end()
    {
        var (body, serving) = Open();
        body.ReadOn();
        await body.NextAsync();
        _life.StopApplication();
        await serving;
        Assert.Equal(0.0, _metrics.StreamsDropped.Value);
    }

    [Fact]
    public void Pages_that_show_the_same_share_one_view_and_one_event()
    {
        var views = new MapViews(_settings);
        var one = views.Of(_feed.Current, new(), "?a");
        Assert.Same(one, views.Of(_feed.Current, new(), "?a"));
        Assert.NotSame(one, views.Of(_feed.Current, new(), "?b"));
        Publish(sent: 9);
        var next = views.Of(_feed.Current, new(), "?a");
        Assert.NotSame(one, next);
        Assert.Same(next.EventAfter(one), next.EventAfter(one));
        Assert.Same(next.Json, next.Json);
    }

    [Fact]
    public void No_more_views_are_kept_than_the_bound()
    {
        var views = new MapViews(_settings);
        var kept = Enumerable.Range(0, MapViews.MostKept).Select(number => views.Of(_feed.Current, new(), $"?{number}")).ToList();
        Assert.NotSame(views.Of(_feed.Current, new(), "?more"), views.Of(_feed.Current, new(), "?more"));
        Assert.Same(kept[0], views.Of(_feed.Current, new(), "?0"));
    }

    public void Dispose()
    {
        _closed.Dispose();
        _life.Dispose();
    }

    /// <summary>What a page is sent at first, and after one change.</summary>
    private async Task<ReluctantBody> FirstTwoAsync()
    {
        var (body, serving) = Open();
        body.ReadOn();
        await body.NextAsync();
        Publish(sent: 2);
        await body.NextAsync();
        await CloseAsync(serving);
        return body;
    }

    private (ReluctantBody Body, Task Serving) Open()
    {
        var body = new ReluctantBody();
        return (body, _stream.ServeAsync(Context(body)));
    }

    private DefaultHttpContext Context(Stream body) => new()
    {
        Response = { Body = body },
        RequestAborted = _closed.Token,
        RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider(),
    };

    private async Task CloseAsync(params Task[] serving)
    {
        await _closed.CancelAsync();
        await Task.WhenAll(serving);
    }

    private void Publish(ulong sent) =>
        _feed.Publish(MapModel.Of(++_number, MapFacts.Now.AddSeconds(_number), MembersAnswered.Nobody, [MapFacts.Fact(MapFacts.Link("n/a", "n/b"), sent)]));
}
