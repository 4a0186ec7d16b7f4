using System.Net;
using Caretta.FakeCluster;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator;

/// <summary>What /readyz of the real process says of its directory, and when.</summary>
public sealed class DirectoryReadinessSpecs : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FakeApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await FakeApiServer.StartAsync(new SimulatedCluster());

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_not_ready_and_names_the_kind_while_one_list_is_held_and_ready_once_all_are_listed()
    {
        using var gate = _api.Faults.HoldLists(ApiKind.Services);
        await using var aggregator = await StartAsync();
        await gate.Arrival();

        var held = await Readyz.UntilAsync(aggregator.Http, answer => answer.Kinds("missing").Count == 1);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, held.Status);
        Assert.Equal(["Service"], held.Kinds("missing"));
        Assert.False(held.Answers);
        Assert.False(held.Current);

        gate.Dispose();
        var ready = await Readyz.UntilAsync(aggregator.Http, answer => answer.Status == HttpStatusCode.OK && answer.Current);
        Assert.Empty(ready.Kinds("missing"));
        Assert.True(ready.Answers);
    }

    [Fact]
    public async Task A_kind_it_may_not_see_is_named_and_does_not_keep_it_from_being_ready()
    {
        _api.Faults.Forbid(ApiKind.CronJobs);
        await using var aggregator = await StartAsync();

        var ready = await Readyz.UntilAsync(aggregator.Http, answer => answer.Status == HttpStatusCode.OK && answer.Current);
        Assert.Equal(["CronJob"], ready.Kinds("forbidden"));
        Assert.Empty(ready.Kinds("missing"));
        Assert.Empty(ready.Kinds("interrupted"));
    }

    [Fact]
    public async Task While_the_api_server_is_away_it_stays_ready_and_says_that_it_is_not_current()
    {
        await using var aggregator = await StartAsync();
        var before = await Readyz.UntilAsync(aggregator.Http, answer => answer.Status == HttpStatusCode.OK && answer.Current);
        Assert.Empty(before.Kinds("interrupted"));

        await _api.StopAsync();
        var away = await Readyz.UntilAsync(aggregator.Http, answer => answer.Kinds("interrupted").Count == ApiKind.All.Count);
        Assert.Equal(ApiKind.All.Select(kind => kind.Name).Order(), away.Kinds("interrupted").Order());
        Assert.Equal(HttpStatusCode.OK, away.Status);
        Assert.True(away.Answers);
        Assert.False(away.Current);

        await _api.StartAsync();
        var back = await Readyz.UntilAsync(aggregator.Http, answer => answer.Current);
        Assert.Equal(HttpStatusCode.OK, back.Status);
        Assert.Empty(back.Kinds("interrupted"));
    }

    private Task<AggregatorProcess> StartAsync() => AggregatorProcess.StartAsync(
        _folder.Path, "--Caretta:Aggregator:Kubernetes=ApiServer", $"--Caretta:Aggregator:ApiServer={_api.Address}");
}
