using System.Text;
using Caretta.Aggregator.Cli;
using Caretta.Messages.Wire;

namespace Caretta.Aggregator.Operation;

/// <summary>Which hosts have unloaded and which have not, over several rounds of asking all members. Pure.</summary>
/// <param name="excepted">Hosts that need not: names in which * stands for any characters.</param>
internal sealed class UnloadProgress(IReadOnlyList<string> excepted)
{
    private const string NoAgent = "no agent of it is connected. What is pinned there counts on until it reboots, or caretta-node unload runs there.";

    private readonly HashSet<string> _unloaded = [];
    private readonly Dictionary<string, string> _problems = [];
    private readonly HashSet<string> _hosts = [];
    private readonly Dictionary<string, string> _silentMembers = [];
    private bool _watchesCluster;
    private bool _knowsHosts;
    private int _answers;

    /// <summary>Nothing is left to ask for: every member answered in this round, there are hosts, and all of them have unloaded.</summary>
    public bool IsComplete => _answers > 0 && _silentMembers.Count == 0 && (_knowsHosts || !_watchesCluster) && _hosts.Count > 0 && NotUnloaded.Count == 0;

    /// <summary>With the reason, in the order of their names.</summary>
    public IReadOnlyList<(string Host, string Problem)> NotUnloaded =>
    [
        .. _hosts.Where(host => !_unloaded.Contains(host) && !IsExcepted(host)).Order(StringComparer.Ordinal)
            .Select(host => (host, _problems.GetValueOrDefault(host, NoAgent))),
    ];

    public void BeginRound()
    {
        (_answers, _watchesCluster, _knowsHosts) = (0, false, false);
        _silentMembers.Clear();
        _problems.Clear();
    }

    /// <summary>What a host has said once, it keeps to: its agent stays idle until it is started anew.</summary>
    public void Answered(UnloadAgentsReply reply)
    {
        _answers++;
        _watchesCluster |= reply.WatchesCluster;
        _knowsHosts |= reply.KnowsHosts;
        _hosts.UnionWith(reply.Hosts);
        foreach (var agent in reply.Agents)
        {
            _hosts.Add(agent.NodeName);
            if (agent.Unloaded)
            {
                _unloaded.Add(agent.NodeName);
            }
            else
            {
                _problems[agent.NodeName] = agent.Problem;
            }
        }
    }

    public void Silent(string member, string cause) => _silentMembers[member] = cause;

    /// <summary>For an operator.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var (member, cause) in _silentMembers.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"{member} was not reached, nor agents that report to it: {CleanText.Of(cause)}");
        }

        text.AppendLine($"Unloaded: {_unloaded.Count} of {_hosts.Count(host => _unloaded.Contains(host) || !IsExcepted(host))} hosts.");
        foreach (var (host, problem) in NotUnloaded)
        {
            text.AppendLine($"  not {CleanText.Of(host)}: {CleanText.Of(problem)}");
        }

        if (_answers > 0 && !_knowsHosts)
        {
            text.AppendLine(_watchesCluster
                ? "No aggregator has seen all nodes of the cluster yet, or may see them: /readyz says why. Ask again."
                : "The aggregators watch no cluster: hosts whose agents are not connected are not among these.");
        }

        return text.ToString().TrimEnd();
    }

    private bool IsExcepted(string host) => excepted.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, host, ignoreCase: false));
}
