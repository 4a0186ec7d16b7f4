using Caretta.Aggregator.Operation;
using Caretta.Messages.Wire;

namespace Caretta.Tests.Aggregator.Operation;

public class UnloadProgressSpecs
{
    private readonly UnloadProgress _progress = new([]);

    [Fact]
    public void It_is_complete_when_every_host_of_the_cluster_has_said_so_on_whichever_member()
    {
        Answered(["a", "b"], Done("a"));
        Assert.False(_progress.IsComplete);
        _progress.Answered(Reply(["a", "b"], Done("b")));
        Assert.True(_progress.IsComplete);
        Assert.Equal("Unloaded: 2 of 2 hosts.", _progress.Text());
    }

    [Fact]
    public void Hosts_that_have_not_are_named_with_the_reason()
    {
        Answered(["a", "b", "c"], Done("a"), Failed("b", "disk full"));
        Assert.False(_progress.IsComplete);
        Assert.Equal(["b", "c"], _progress.NotUnloaded.Select(one => one.Host));
        Assert.Contains("not b: disk full", _progress.Text(), StringComparison.Ordinal);
        Assert.Contains("not c: no agent of it is connected", _progress.Text(), StringComparison.Ordinal);
        Assert.Contains("Unloaded: 1 of 3 hosts.", _progress.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_agent_has_said_holds_when_it_is_not_connected_in_a_later_round()
    {
        Answered(["a", "b"], Done("a"), Failed("b", "late"));
        Answered(["a", "b"], Done("b"));
        Assert.True(_progress.IsComplete);
    }

    [Fact]
    public void A_member_that_does_not_answer_leaves_it_open_and_is_named_until_it_does()
    {
        Answered(["a"], Done("a"));
        _progress.Silent("agg (10.0.0.1)", "refused");
        Assert.False(_progress.IsComplete);
        Assert.Contains("agg (10.0.0.1) was not reached, nor agents that report to it: refused", _progress.Text(), StringComparison.Ordinal);
        Answered(["a"], Done("a"));
        Assert.True(_progress.IsComplete);
    }

    [Fact]
    public void Without_any_answer_or_any_host_it_is_not_complete()
    {
        Assert.False(_progress.IsComplete);
        _progress.BeginRound();
        Assert.False(_progress.IsComplete);
        _progress.Answered(new UnloadAgentsReply());
        Assert.False(_progress.IsComplete); // agents may just be on their way to this aggregator
    }

    [Fact]
    public void Hosts_that_are_excepted_need_not_answer()
    {
        var progress = new UnloadProgress(["win-*"]);
        progress.BeginRound();
        progress.Answered(Reply(["a", "win-1"], Done("a")));
        Assert.True(progress.IsComplete);
        Assert.Equal("Unloaded: 1 of 1 hosts.", progress.Text());
    }

    [Fact]
    public void Where_nobody_knows_the_hosts_that_is_said()
    {
        _progress.BeginRound();
        _progress.Answered(new UnloadAgentsReply { Agents = { Done("a") } });
        Assert.True(_progress.IsComplete);
        Assert.Contains("watch no cluster", _progress.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_cluster_is_watched_it_is_not_complete_before_all_nodes_are_known()
    {
        _progress.BeginRound();
        _progress.Answered(new UnloadAgentsReply { WatchesCluster = true, Agents = { Done("a") } });
        Assert.False(_progress.IsComplete);
        Assert.Contains("has seen all nodes", _progress.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_agents_say_does_not_move_the_cursor()
    {
        Answered(["a"], Failed("a", "\u001b[2J"));
        Assert.DoesNotContain('\u001b', _progress.Text());
    }

    private static AgentAnswer Done(string node) => new() { NodeName = node, Unloaded = true };

    private static AgentAnswer Failed(string node, string problem) => new() { NodeName = node, Problem = problem };

    private static UnloadAgentsReply Reply(string[] hosts, params AgentAnswer[] agents) => new() { WatchesCluster = true, KnowsHosts = true, Hosts = { hosts }, Agents = { agents } };

    private void Answered(string[] hosts, params AgentAnswer[] agents)
    {
        _progress.BeginRound();
        _progress.Answered(Reply(hosts, agents));
    }
}
