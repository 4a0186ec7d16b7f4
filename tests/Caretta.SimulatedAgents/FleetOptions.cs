using System.ComponentModel.DataAnnotations;

namespace Caretta.SimulatedAgents;

/// <summary>Settings of the process <c>simulated-agents</c>, section <c>Fleet</c>, and of the library.</summary>
public sealed class FleetOptions
{
    public const string Section = "Fleet";

    /// <summary>As the agent's setting: one address or several.</summary>
    [Required]
    public string Aggregator { get; set; } = "http://127.0.0.1:7118";

    [Range(1, 20_000)]
    public int Agents { get; set; } = 10;

    /// <summary>Of each agent.</summary>
    [Range(1, 100_000)]
    public int Links { get; set; } = 200;

    /// <summary>Of them change in each poll, the next ones each time.</summary>
    [Range(0, 100_000)]
    public int Changing { get; set; } = 200;

    /// <summary>Of the links of each agent are the same ones for all: their totals are sums over sources.</summary>
    [Range(0, 100_000)]
    public int Shared { get; set; }

    /// <summary>That all agents count for, see <see cref="CrowdLinks"/>; 0: each agent has its own. Links of all agents per workload: 50,000 at most.</summary>
    [Range(0, 100_000)]
    public int Workloads { get; set; }

    /// <summary>Over which <see cref="Workloads"/> are spread.</summary>
    [Range(1, 10_000)]
    public int Namespaces { get; set; } = 100;

    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Of each agent; 0: until told to stop.</summary>
    [Range(0, int.MaxValue)]
    public int Polls { get; set; }

    /// <summary>The process ends after that, whatever has been acknowledged.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan AtMost { get; set; } = TimeSpan.FromHours(1);

    [Range(0, int.MaxValue)]
    public int Seed { get; set; } = 1;

    /// <summary>Names of nodes, and of what is no shared link, begin with it: two fleets on one cluster differ here.</summary>
    [Required]
    public string Prefix { get; set; } = "sim";

    /// <summary>Chance of each batch to be overtaken by an old one, delayed, or cut off with its stream; and of each poll to restart its agent.</summary>
    [Range(0, 1)]
    public double Mischief { get; set; }

    [Range(1, 100_000)]
    public int MaxReportsPerBatch { get; set; } = 2000;

    /// <summary>The authority of the aggregators' certificate, where they are dialled by https.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Beside <see cref="CaFile"/>: has NODE.crt and NODE.key of each agent's node name.</summary>
    public string CertificateFolder { get; set; } = "";

    /// <param name="agent">From 0.</param>
    public string NodeName(int agent) => $"{Prefix}-{agent}";
}
