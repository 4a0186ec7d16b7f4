using Caretta.Messages;

namespace Caretta.SimulatedAgents;

/// <summary>What one simulated agent has counted: its ledger, and the truth that a test compares with. Seeded; knows no clock.</summary>
public sealed class AgentLinks
{
    private readonly Random _random;
    private readonly int _changing;
    private readonly NetworkLink[] _links;
    private readonly LinkTotals[] _totals;
    private readonly ulong[] _changed;
    private int _next;

    public AgentLinks(FleetOptions options, int agent)
    {
        _random = new Random(HashCode(options.Seed, agent));
        _changing = Math.Min(options.Changing, options.Links);
        _links = [.. Enumerable.Range(0, options.Links).Select(link => Name(options, agent, link))];
        (_totals, _changed) = (new LinkTotals[_links.Length], new ulong[_links.Length]);
    }

    /// <summary>Of the latest poll.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Everything it has ever counted, as a restarted agent's ledger would give it.</summary>
    public IReadOnlyList<Report> All =>
        [.. Enumerable.Range(0, _links.Length).Where(link => _changed[link] > 0).Select(ReportOf)];

    public IReadOnlyList<Report> Poll()
    {
        Sequence++;
        var reports = new List<Report>(_changing);
        for (var i = 0; i < _changing; i++)
        {
            var link = _next++ % _links.Length;
            var (sent, received) = ((ulong)_random.Next(1, 100_000), (ulong)_random.Next(0, 1_000_000));
            _totals[link] += new LinkTotals(sent, received, sent, received, 1, 1, 0, 0, 250, 1, 1_000);
            _changed[link] = Sequence;
            reports.Add(ReportOf(link));
        }

        _next %= _links.Length;
        return reports;
    }

    private Report ReportOf(int link) => new(_links[link], _changed[link], _totals[link], default);

    private static NetworkLink Name(FleetOptions options, int agent, int link)
    {
        if (options.Workloads > 0)
        {
            return CrowdLinks.Name(options, (agent * options.Links) + link);
        }

        var prefix = link < options.Shared ? "shared" : $"{options.Prefix}-{agent}";
        return new NetworkLink(
            new Workload("simulated", "Deployment", $"{prefix}-client-{link}"), new Workload("simulated", "Deployment", $"server-{link}"), 8080, Role.Client);
    }

    /// <summary>The framework's own differs from run to run.</summary>
    private static int HashCode(int seed, int agent) => (int)(StableHash.Of($"{seed}", $"{agent}") & int.MaxValue);
}
