using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Benchmarks.Map;

/// <summary>A cluster of 5,000 workloads in 100 namespaces with 50,000 links: a few that all talk to, many that talk to a few.</summary>
internal sealed class LargeMap
{
    public const int Workloads = 5000;
    public const int Namespaces = 100;
    public const int Links = 50_000;

    private readonly Random _random = new(7);
    private readonly List<NetworkLink> _links = [];
    private ulong _round;

    public LargeMap()
    {
        var workloads = Enumerable.Range(0, Workloads)
            .Select(number => new Workload($"team-{number % Namespaces}", "Deployment", $"service-{number / Namespaces}-of-team-{number % Namespaces}")).ToList();
        var known = new HashSet<ulong>();
        while (_links.Count < Links)
        {
            var client = workloads[_random.Next(Workloads)];
            var near = _random.Next(10) < 7;
            var server = near ? workloads[(_random.Next(Workloads / Namespaces) * Namespaces) + (workloads.IndexOf(client) % Namespaces)] : workloads[(int)(Workloads * Math.Pow(_random.NextDouble(), 4))];
            var link = new NetworkLink(client, server, (ushort)(8000 + _random.Next(3)), Role.Client);
            foreach (var role in known.Add(link.Id) ? Enum.GetValues<Role>() : [])
            {
                _links.Add(link with { Role = role });
            }
        }
    }

    /// <summary>As they show now: since the time before, one of ten has moved.</summary>
    public (NetworkLink Link, LinkValues Values)[] Look()
    {
        var round = _round++;
        return [.. _links.Select((link, number) => (link, Values((ulong)number, (round + (ulong)(number % 10)) / 10)))];
    }

    /// <param name="moves">How often the link has moved.</param>
    private static LinkValues Values(ulong number, ulong moves)
    {
        Span<uint> states = stackalloc uint[LinkLevels.StateCount];
        states[(int)TcpState.Established] = (uint)(number % 4);
        var bytes = (number + 1) * 1000 * moves;
        return new LinkValues(
            new LinkTotals(bytes, bytes / 3, 0, 0, number + moves, number, number % 97 == 0 ? moves : 0, 0, 4000, 4, 0),
            LinkLevels.Of(states),
            new LinkSeen(1_772_366_400_000, 1_772_366_400_000));
    }
}
