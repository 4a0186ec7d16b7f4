using System.Text.Json.Nodes;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.FakeCluster;

namespace Caretta.Tests.Aggregator.Directory.Watches;

/// <summary>One object that is not understood costs that object, is counted, and is told of once.</summary>
public class MalformedObjectSpecs
{
    private readonly SimulatedCluster _cluster = new();

    public static TheoryData<string> Breaks =>
    [
        "no metadata", "no name", "no uid", "uid that is none", "phase that is a number", "addresses that are a text", "date that is none",
        "status that is a list",
    ];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task In_a_list_it_is_left_out(string how)
    {
        _cluster.Put(Pod("a"), Broken(how), Pod("c"));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);

        Assert.Equal(["a", "c"], test.Sink.Names(ObjectKind.Pod));
        Assert.Equal((1, 0), (await test.Metric("malformed_total"), await test.Metric("watch_interruptions_total")));
        Assert.Single(test.Log.Warnings);
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task In_a_watch_it_is_left_out_and_the_watch_goes_on(string how)
    {
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        _cluster.Put(Pod("a"), Broken(how), Broken(how), Pod("c"));
        await test.Sink.UntilNamed("a", "c");

        Assert.Equal((2, 0), (await test.Metric("malformed_total"), await test.Metric("watch_interruptions_total")));
        Assert.Single(test.Log.Warnings);
        Assert.Single(test.Server.Requests.Watches(ApiKind.Pods));
        Assert.Equal([WatchState.Listing, WatchState.Current], test.Sink.States(ObjectKind.Pod));
    }

    [Fact]
    public async Task An_address_that_is_none_costs_that_address_alone()
    {
        _cluster.Put(Manifest.Pod("shop", "b", ["10.0.0.2", "10.0.0.256"]));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);

        Assert.Equal(Caretta.Messages.Address.Parse("10.0.0.2"), Assert.Single(Assert.Single(test.Sink.All<ClusterPod>()).Addresses));
        Assert.Equal(1, await test.Metric("malformed_total"));
        Assert.Contains("shop/b: '10.0.0.256' is no IP address", test.Log.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_counts_however_broken_the_object_was_in_the_end()
    {
        _cluster.Put(Pod("b"));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        _cluster.Put(Broken("status that is a list"));
        _cluster.Delete(Pod("b"));
        await test.Sink.UntilNamed();

        Assert.Equal([Guid.Parse(Pod("b").Uid)], test.Sink.Deletions);
    }

    [Fact]
    public async Task An_event_of_a_type_that_is_not_known_is_counted_and_passed_over()
    {
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        test.Server.SendLine(ApiKind.Pods, """{"type":"RENAMED","object":{"metadata":{"name":"b","resourceVersion":"7"}}}""");
        _cluster.Put(Pod("a"));
        await test.Sink.UntilNamed("a");

        Assert.Equal(1, await test.Metric("malformed_total"));
    }

    private static Manifest Pod(string name) => Manifest.Pod("shop", name, ["10.0.0.1"]);

    private static Manifest Broken(string how) => Pod("b").With(json =>
    {
        var metadata = json["metadata"]!.AsObject();
        switch (how)
        {
            case "no metadata": json.Remove("metadata"); break;
            case "no name": metadata.Remove("name"); break;
            case "no uid": metadata.Remove("uid"); break;
            case "uid that is none": metadata["uid"] = "b"; break;
            case "phase that is a number": json["status"]!["phase"] = 7; break;
            case "addresses that are a text": json["status"]!["podIPs"] = "10.0.0.1"; break;
            case "date that is none": metadata["creationTimestamp"] = "yesterday"; break;
            case "status that is a list": json["status"] = new JsonArray(); break;
            default: throw new ArgumentException(how, nameof(how));
        }
    });
}
