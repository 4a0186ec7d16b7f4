using System.ComponentModel.DataAnnotations;
using System.Net;
using Caretta.Messages.Settings;

namespace Caretta.Aggregator;

/// <summary>Settings, from appsettings.json, the environment (<c>Caretta__Aggregator__HttpPort</c>) and the command line.</summary>
public sealed class AggregatorOptions : IValidatableObject
{
    public const string Section = "Caretta:Aggregator";

    /// <summary>/metrics, /healthz, /readyz. 0: any free port, as for the other two.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; } = 7117;

    /// <summary>gRPC, for the agents.</summary>
    [Range(0, 65535)]
    public int IngressPort { get; set; } = 7118;

    /// <summary>Akka.Remote, for the other members.</summary>
    [Range(0, 65535)]
    public int RemotePort { get; set; } = 7119;

    public string ListenAddress { get; set; } = "127.0.0.1";

    [Required]
    public string DataFolder { get; set; } = "/var/lib/caretta/aggregator";

    public ExportedSeries Exported { get; set; } = ExportedSeries.Full;

    /// <summary>A link nobody has reported for so long, while its sources were connected, is no longer exported.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Further links are counted in a ~other link. There are 64 shards.</summary>
    [Range(1, 1_000_000)]
    public int MaxLinksPerShard { get; set; } = 4096;

    /// <summary>Events of a shard between two snapshots.</summary>
    [Range(1, 1_000_000)]
    public int SnapshotEvery { get; set; } = 500;

    public LogFormat LogFormat { get; set; } = LogFormat.Text;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(ListenAddress, out _))
        {
            yield return new ValidationResult($"'{ListenAddress}' is no IP address.", [nameof(ListenAddress)]);
        }

        if (new[] { HttpPort, IngressPort, RemotePort }.Where(port => port != 0).GroupBy(port => port).Any(port => port.Count() > 1))
        {
            yield return new ValidationResult("The three ports must differ.", [nameof(HttpPort)]);
        }

        if (!Enum.IsDefined(Exported) || !Enum.IsDefined(LogFormat))
        {
            yield return new ValidationResult("It is one of the names documented.", [Enum.IsDefined(Exported) ? nameof(LogFormat) : nameof(Exported)]);
        }
    }
}
