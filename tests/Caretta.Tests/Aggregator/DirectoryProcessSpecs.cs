using System.Net;
using System.Text.Json;
using Caretta.FakeCluster;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Fakes;
using Google.Protobuf;
using ExternalPair = Caretta.Messages.ExternalPair;
using Subject = Caretta.Messages.Subject;
using Workload = Caretta.Messages.Workload;

namespace Caretta.Tests.Aggregator;

/// <summary>The directory through the real executable: an API server on one side, an agent's stream on the other.</summary>
public sealed class DirectoryProcessSpecs : IAsyncLifetime
{
    private static readonly Manifest Deployment = Manifest.Deployment("shop", "cart");
    private static readonly Manifest ReplicaSet = Manifest.ReplicaSet("shop", "cart-7c58", Deployment);
    private static readonly Manifest Pod = Manifest.Pod("shop", "cart-7c58-x", ["10.1.0.5"], ReplicaSet);
    private static readonly Workload Cart = new("shop", "Deployment", "cart");
    private static readonly Subject Address = Subject.Of(Caretta.Messages.Address.Parse("10.1.0.5"));

    private readonly TempFolder _folder = new();
    private readonly SimulatedCluster _cluster = new();
    private FakeApiServer _api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster.Put(Deployment, ReplicaSet, Pod);
        _api = await FakeApiServer.StartAsync(_cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_ready_when_every_kind_it_may_see_is_listed_and_says_until_then_which_are_missing()
    {
        _api.Faults.Forbid(ApiKind.CronJobs);
        using var gate = _api.Faults.HoldLists(ApiKind.Pods);
        await using var aggregator = await StartAsync();
        await gate.Arrival();
        var waiting = await UntilAsync(aggregator, readiness => Kinds(readiness, "missing") is ["Pod"] && Kinds(readiness, "forbidden") is ["CronJob"]);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, false), (waiting.Status, waiting.Json.GetProperty("ready").GetBoolean()));

        gate.Dispose();
        var ready = await UntilAsync(aggregator, readiness => readiness.GetProperty("ready").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Assert.Empty(Kinds(ready.Json, "missing"));
        Assert.Equal(["CronJob"], Kinds(ready.Json, "forbidden"));
    }

    [Fact]
    public async Task Without_its_api_server_it_stays_ready_and_says_that_what_it_knows_is_of_before()
    {
        await using var aggregator = await StartAsync();
        await UntilAsync(aggregator, readiness => readiness.GetProperty("ready").GetBoolean() && Flag(readiness, "current"));
        await _api.StopAsync();
        var cut = await UntilAsync(aggregator, readiness => !Flag(readiness, "current") && Kinds(readiness, "interrupted").Count == 10);
        Assert.Equal((HttpStatusCode.OK, true), (cut.Status, Flag(cut.Json, "answers")));

        await _api.StartAsync();
        await UntilAsync(aggregator, readiness => Flag(readiness, "current"));
    }

    [Fact]
    public async Task A_stream_is_answered_and_told_when_the_address_changes_hands()
    {
        await using var aggregator = await StartAsync();
        await UntilAsync(aggregator, readiness => Flag(readiness, "answers"));
        await using var agent = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source());
        var answer = await AskAsync(agent, 1, Address);
        Assert.Equal(Cart, answer.Subjects.Single().Timeline.Last.Workload);

        _cluster.Delete(Pod);
        _cluster.Put(Manifest.Pod("shop", "bare", ["10.1.0.5"]));
        TimelineEntry last;
        do
        {
            var told = (await agent.NextAsync())!.Names;
            Assert.Equal(0UL, told.Id);
            last = told.ToDomain(TimeSpan.Zero).Subjects.Single().Timeline.Last;
        }
        while (last.Workload == Cart); // first of the deletion, perhaps: the last holder is named on
        Assert.Equal(new Workload("shop", "Pod", "bare"), last.Workload);
    }

    [Fact]
    public async Task What_breaks_the_rules_is_refused()
    {
        await using var aggregator = await StartAsync();
        await using var first = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source("node-a"));
        await first.SendAsync(new FromNode { Questions = new Questions { Id = 2 } });
        Assert.Equal(RefusalKind.RefusalInvalid, (await first.NextAsync())!.Refused.Kind);

        await using var second = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source("node-b"));
        var three = new Caretta.Messages.Wire.Subject { Address = ByteString.CopyFrom(1, 2, 3) };
        await second.SendAsync(new FromNode { Questions = new Questions { Id = 1, Forgotten = { three } } });
        var refused = (await second.NextAsync())!.Refused;
        Assert.Equal(RefusalKind.RefusalInvalid, refused.Kind);
        Assert.Contains("3 bytes", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_climbing_the_pod_is_the_workload_and_its_controller_the_owner()
    {
        await using var aggregator = await StartAsync("--Caretta:Aggregator:ClimbOwners=false");
        await UntilAsync(aggregator, readiness => Flag(readiness, "answers"));
        await using var agent = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source());
        var workload = (await AskAsync(agent, 1, Address)).Subjects.Single().Timeline.Last.Workload!;
        Assert.Equal((new Workload("shop", "Pod", "cart-7c58-x"), "cart"), (workload, workload.Owner));
    }

    [Fact]
    public async Task As_many_externals_as_a_workload_may_have_are_granted_and_stay_so_after_kill_minus_nine()
    {
        Workload[] externals = [new("external", "external", "192.0.2.1"), new("external", "external", "192.0.2.2")];
        ExternalPair[] pairs = [.. externals.Select(external => new ExternalPair(Cart, external))];
        await using (var first = await StartAsync("--Caretta:Aggregator:MaxExternalsPerWorkload=1"))
        {
            await using var agent = await AgentClient.OpenAsync(first.Ingress, Traffic.Source());
            Assert.Equal([true, false], await GrantsAsync(agent, 1, pairs));
            await first.KillAsync();
        }

        await using var second = await StartAsync("--Caretta:Aggregator:MaxExternalsPerWorkload=1");
        await using var again = await AgentClient.OpenAsync(second.Ingress, Traffic.Source());
        Assert.Equal([false, true], await GrantsAsync(again, 1, [.. pairs.Reverse()]));
    }

    [Theory]
    [InlineData("Kubernetes", "KubeConfigFile", "--Caretta:Aggregator:Kubernetes=KubeConfig", "--Caretta:Aggregator:KubeConfigFile=/nowhere/config")]
    [InlineData("InCluster", "service account", "--Caretta:Aggregator:Kubernetes=InCluster")]
    [InlineData("ApiServer", "Kubernetes set to ApiServer", "--Caretta:Aggregator:ApiServer=http://127.0.0.1:1")]
    [InlineData("DnsServers", "nonsense", "--Caretta:Aggregator:ReverseDns=true", "--Caretta:Aggregator:DnsServers=nonsense")]
    [InlineData("ExternalGroups", "10.0.0.1/8", "--Caretta:Aggregator:ExternalGroups=office=10.0.0.1/8")]
    public async Task A_start_that_cannot_be_says_why_and_what_to_do(string setting, string remedy, params string[] arguments)
    {
        var (exitCode, _, error) = await AggregatorProcess.RunAsync([$"--data-folder={_folder.Path}", .. arguments]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(setting, error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task<NameAnswers> AskAsync(AgentClient agent, ulong id, Subject subject)
    {
        var questions = new NameQuestions(id, [new SubjectQuestion(subject, TimeSpan.Zero)], [], []);
        await agent.SendAsync(new FromNode { Questions = questions.ToWire(TimeSpan.FromSeconds(1)) });
        var answers = (await agent.NextAsync())!.Names.ToDomain(TimeSpan.FromSeconds(1));
        Assert.Equal(id, answers.Id);
        return answers;
    }

    private static async Task<IEnumerable<bool>> GrantsAsync(AgentClient agent, ulong id, ExternalPair[] pairs)
    {
        await agent.SendAsync(new FromNode { Questions = new NameQuestions(id, [], pairs, []).ToWire(TimeSpan.Zero) });
        Assert.Equal(id, (await agent.NextAsync())!.Names.Id);
        var granted = (await agent.NextAsync())!.Names.ToDomain(TimeSpan.Zero).Externals;
        Assert.Equal(pairs, granted.Select(answer => answer.Pair));
        return granted.Select(answer => answer.Granted);
    }

    private static bool Flag(JsonElement readiness, string name) => readiness.GetProperty("directory").GetProperty(name).GetBoolean();

    private static List<string?> Kinds(JsonElement readiness, string name) =>
        [.. readiness.GetProperty("directory").GetProperty(name).EnumerateArray().Select(kind => kind.GetString())];

    /// <summary>Asks again as soon as it was answered; the test's own time limit is the bound.</summary>
    private static async Task<(HttpStatusCode Status, JsonElement Json)> UntilAsync(AggregatorProcess aggregator, Func<JsonElement, bool> isSo)
    {
        using var client = new HttpClient();
        while (true)
        {
            using var response = await client.GetAsync(new Uri(aggregator.Http, "/readyz"), Cancel);
            var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
            if (isSo(json))
            {
                return (response.StatusCode, json);
            }
        }
    }

    private Task<AggregatorProcess> StartAsync(params string[] more) => AggregatorProcess.StartAsync(
        _folder.Path, ["--Caretta:Aggregator:Kubernetes=ApiServer", $"--Caretta:Aggregator:ApiServer={_api.Address}", .. more]);
}
