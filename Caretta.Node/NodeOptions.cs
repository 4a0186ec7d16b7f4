using System.ComponentModel.DataAnnotations;
using System.Net;
using Caretta.Messages.Settings;
using Caretta.Node.Forward;
using Caretta.Node.Kernel;
using Caretta.Node.Names;
using Caretta.Messages.Tls;

namespace Caretta.Node;

/// <summary>The agent's settings: section <c>Caretta:Node</c> of appsettings.json, the environment and the command line.</summary>
public sealed class NodeOptions : FilterOptions
{
    public const string Section = "Caretta:Node";

    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Holds the ledger: on a disk, and the same folder after every restart.</summary>
    [Required]
    public string DataFolder { get; set; } = "/var/lib/caretta/node";

    /// <summary>The host's own, emptied by a reboot and by nothing else.</summary>
    [Required]
    public string RunFolder { get; set; } = "/run/caretta";

    /// <summary>In the host's bpffs.</summary>
    [Required]
    public string PinFolder { get; set; } = "/sys/fs/bpf/caretta";

    /// <summary>How connections are counted.</summary>
    public ProbeChoice ProbePath { get; set; } = ProbeChoice.Auto;

    /// <summary>The kernel's types (BTF), where it does not tell them itself.</summary>
    public string BtfFile { get; set; } = "";

    /// <summary>Unique among the agents of an aggregator.</summary>
    [Required]
    public string NodeName { get; set; } = Environment.MachineName;

    /// <summary>One address or several, separated by commas; a name may have the addresses of many aggregators.</summary>
    [Required]
    public string Aggregator { get; set; } = "https://127.0.0.1:7118";

    /// <summary>Of the connection to the aggregator. Off only to loopback.</summary>
    public SecurityMode Security { get; set; } = SecurityMode.Tls;

    /// <summary>PEM: the authorities that aggregators' certificates chain to.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM: the certificate that bears this node's name, then its intermediates.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM, not encrypted.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Instead of a certificate: a projected token of the agent's service account.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>Metrics and health checks.</summary>
    [Range(1, 65535)]
    public int HttpPort { get; set; } = 7120;

    [Required]
    public string ListenAddress { get; set; } = "127.0.0.1";

    /// <summary>Flows the kernel's table holds before the overflow table takes over.</summary>
    [Range(16, 4_000_000)]
    public int MaxFlows { get; set; } = 65536;

    /// <summary>Of the path for older kernels: sockets it keeps accounts of before the others are counted at their close only.</summary>
    [Range(16, 4_000_000)]
    public int MaxSockets { get; set; } = 65536;

    /// <summary>Links the ledger holds before new ones become <c>~other</c>.</summary>
    [Range(1, 1_000_000)]
    public int MaxLinks { get; set; } = 20_000;

    /// <summary>Rows of bytes that wait for a name before further ones get the best name known.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = Ledger.Ledger.DefaultMaxWaiting;

    /// <summary>Where names come from: the host itself, or the cluster's directory, which the aggregator has.</summary>
    public NameSource Names { get; set; } = NameSource.Host;

    /// <summary>How long the directory must go on saying that nobody has an address until it is taken for an external one.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan NamingGrace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Addresses and pods the agent knows at one time.</summary>
    [Range(16, 1_000_000)]
    public int MaxAddresses { get; set; } = 50_000;

    /// <summary>Polls without a live socket and without a change after which a flow leaves the kernel's table.</summary>
    [Range(0, 1_000_000)]
    public int IdlePolls { get; set; } = 60;

    /// <summary>A clean stop takes the programs off. Otherwise they go on counting until the next start.</summary>
    public bool DetachOnStop { get; set; }

    public LogFormat LogFormat { get; set; } = LogFormat.Text;

    /// <summary>Stands for the kernel's boot id in tests; empty otherwise.</summary>
    public string BootId { get; set; } = "";

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var fault in base.Validate(validationContext))
        {
            yield return fault;
        }

        if (!IPAddress.TryParse(ListenAddress, out _))
        {
            yield return new ValidationResult($"'{ListenAddress}' is no IP address.", [nameof(ListenAddress)]);
        }

        if (AggregatorFault() is { } aggregator)
        {
            yield return new ValidationResult(aggregator, [nameof(Aggregator)]);
        }

        if (!Enum.IsDefined(Security))
        {
            yield return new ValidationResult($"It is one of {string.Join(", ", Enum.GetNames<SecurityMode>())}.", [nameof(Security)]);
        }

        if (!Enum.IsDefined(Names))
        {
            yield return new ValidationResult($"It is one of {string.Join(", ", Enum.GetNames<NameSource>())}.", [nameof(Names)]);
        }

        if (BtfFile.Length > 0 && !File.Exists(BtfFile))
        {
            yield return new ValidationResult($"There is no file {BtfFile}.", [nameof(BtfFile)]);
        }

        if (!Enum.IsDefined(ProbePath))
        {
            yield return new ValidationResult($"It is one of {string.Join(", ", Enum.GetNames<ProbeChoice>())}.", [nameof(ProbePath)]);
        }

        if (!Enum.IsDefined(LogFormat))
        {
            yield return new ValidationResult($"It is one of {string.Join(", ", Enum.GetNames<LogFormat>())}.", [nameof(LogFormat)]);
        }
    }

    private string? AggregatorFault()
    {
        try
        {
            EndpointList.Parse(Aggregator);
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }
}
