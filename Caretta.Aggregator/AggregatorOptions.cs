using System.ComponentModel.DataAnnotations;
using System.Net;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Security.Http;
using Caretta.Messages.Settings;
using Caretta.Messages.Tls;

namespace Caretta.Aggregator;

/// <summary>Settings, from appsettings.json, the environment (<c>Caretta__Aggregator__HttpPort</c>) and the command line.</summary>
public sealed class AggregatorOptions : IValidatableObject
{
    public const string Section = "Caretta:Aggregator";

    /// <summary>For gossip to tell of what was seen, and for two clocks' rates.</summary>
    private static readonly TimeSpan OwnershipReserve = TimeSpan.FromSeconds(2);

    /// <summary>Two of three questions may be lost.</summary>
    private static readonly TimeSpan ShortestOwnership = TimeSpan.FromSeconds(3);

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

    /// <summary>Of agents and members. Off only on loopback.</summary>
    public SecurityMode Security { get; set; } = SecurityMode.Tls;

    /// <summary>PEM: the certificate of this member, then its intermediates. Of its gRPC and HTTP servers, and towards other members.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM, not encrypted.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>PEM: the authorities that members' and agents' certificates chain to.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>The DNS name that every member's certificate bears, and no other's.</summary>
    [Required]
    public string MemberName { get; set; } = "caretta-aggregator";

    /// <summary>namespace/name, of the agents: their tokens prove their nodes' names. Empty: certificates alone do.</summary>
    public string AgentServiceAccount { get; set; } = "";

    /// <summary>For which the agents' tokens are made; not one that the API server itself takes.</summary>
    [Required]
    public string TokenAudience { get; set; } = "caretta-aggregator";

    /// <summary>Of the HTTP port. Null: as <see cref="Security"/>.</summary>
    public SecurityMode? HttpSecurity { get; set; }

    /// <summary>Bearer tokens that may ask, one a line.</summary>
    public string HttpTokensFile { get; set; } = "";

    /// <summary>Users that may ask, name:hash a line.</summary>
    public string HttpPasswordsFile { get; set; } = "";

    /// <summary>Header in which a trusted proxy names the user it let in.</summary>
    public string HttpProxyHeader { get; set; } = "";

    /// <summary>Whose <see cref="HttpProxyHeader"/> is believed: networks, separated by commas.</summary>
    public string HttpProxyNetworks { get; set; } = "";

    /// <summary>Of /metrics, where anybody is asked for anything at all.</summary>
    public PageAccess MetricsAccess { get; set; } = PageAccess.Guarded;

    /// <summary>Of /healthz and /readyz.</summary>
    public PageAccess HealthAccess { get; set; } = PageAccess.Open;

    /// <summary>The process ends, to be started again, when its certificate was renewed: one member after the other.</summary>
    public bool RestartOnRenewal { get; set; }

    /// <summary>How other members reach this one. Empty: by the ListenAddress.</summary>
    public string AdvertisedHost { get; set; } = "";

    /// <summary>How the members find each other.</summary>
    public Discovery Discovery { get; set; } = Discovery.Static;

    /// <summary>host:port,... of the members' RemotePort. Empty: this is the only one.</summary>
    public string Seeds { get; set; } = "";

    /// <summary>With <see cref="Discovery.Kubernetes"/>: labels of the members' pods.</summary>
    [Required]
    public string PeerSelector { get; set; } = "app.kubernetes.io/name=caretta-aggregator";

    /// <summary>With <see cref="Discovery.Kubernetes"/>: whose holder may begin a cluster.</summary>
    [Required]
    public string LeaseName { get; set; } = "caretta-aggregator";

    /// <summary>With <see cref="Discovery.Kubernetes"/>: of pods and Lease. Empty: the namespace of this pod.</summary>
    public string PeerNamespace { get; set; } = "";

    /// <summary>How long nothing changes in who reaches whom until the majority takes the rest for dead.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00")]
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How long after that others take over its shards.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00")]
    public TimeSpan DownRemovalMargin { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Streams from agents at one time; further agents are sent to other members.</summary>
    [Range(1, 1_000_000)]
    public int MaxStreams { get; set; } = 10_000;

    /// <summary>A stream so old ends, give or take a fifth, so that agents spread over members that came since.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan MaxStreamAge { get; set; } = TimeSpan.FromMinutes(30);

    [Required]
    public string DataFolder { get; set; } = "/var/lib/caretta/aggregator";

    public JournalKind Journal { get; set; } = JournalKind.Sqlite;

    /// <summary>For <see cref="JournalKind.PostgreSql"/>: an Npgsql connection string without a password.</summary>
    public string PostgreSql { get; set; } = "";

    /// <summary>The file with the password, read for each new connection. Empty: the server asks for none.</summary>
    public string PostgreSqlPasswordFile { get; set; } = "";

    public ExportedSeries Exported { get; set; } = ExportedSeries.Full;

    /// <summary>A link nobody has reported for so long, while its sources were connected, is no longer exported.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>A source that was silent for so long, while there was an aggregator to listen, is folded into one number per link.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan RetireAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Further links are counted in a ~other link. There are 64 shards.</summary>
    [Range(1, 1_000_000)]
    public int MaxLinksPerShard { get; set; } = 4096;

    /// <summary>Events of a shard between two snapshots.</summary>
    [Range(1, 1_000_000)]
    public int SnapshotEvery { get; set; } = 500;

    /// <summary>Whether there is a cluster whose objects name the addresses agents ask for, and how its API server is reached.</summary>
    public KubernetesAccess Kubernetes { get; set; } = KubernetesAccess.Off;

    /// <summary>For <see cref="KubernetesAccess.KubeConfig"/>.</summary>
    public string KubeConfigFile { get; set; } = "";

    /// <summary>For <see cref="KubernetesAccess.ApiServer"/>; null otherwise.</summary>
    public Uri? ApiServer { get; set; }

    /// <summary>Pods are named by their topmost controller; otherwise each pod is a workload and its controller its owner.</summary>
    public bool ClimbOwners { get; set; } = true;

    /// <summary>How far back the directory answers, and how long the last holder of an address is named after its end.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan NameHistory { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Names for networks outside the cluster, name=network,...; the most specific one counts.</summary>
    public string ExternalGroups { get; set; } = "";

    /// <summary>What no group names is called ~external altogether.</summary>
    public bool GroupExternals { get; set; }

    /// <summary>What no group names is called what DNS calls it.</summary>
    public bool ReverseDns { get; set; }

    /// <summary>ip[:port],... Empty: the system's.</summary>
    public string DnsServers { get; set; } = "";

    /// <summary>Externals of one workload that have links of their own, in the whole cluster. Further ones are counted together.</summary>
    [Range(1, 10_000)]
    public int MaxExternalsPerWorkload { get; set; } = 100;

    /// <summary>While somebody looks at the map, the links of all members are gathered so often.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan MapRefresh { get; set; } = TimeSpan.FromSeconds(5);

    public LogFormat LogFormat { get; set; } = LogFormat.Text;

    /// <summary>
    /// A member exports for so long after the others last affirmed it. It ends two seconds before the earliest moment at which they could
    /// export in its stead, be it that they take it for dead or that it was given up otherwise: docs/decisions/0009.
    /// </summary>
    internal TimeSpan OwnershipBound => (StableAfter < DownRemovalMargin ? StableAfter : DownRemovalMargin) - OwnershipReserve;

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

        if (!Enum.IsDefined(Security))
        {
            yield return new ValidationResult($"It is one of {string.Join(", ", Enum.GetNames<SecurityMode>())}.", [nameof(Security)]);
        }

        if (JournalSettings.Fault(this) is { } journal)
        {
            yield return journal;
        }

        foreach (var fault in HttpFaults())
        {
            yield return fault;
        }

        foreach (var fault in KubernetesFaults())
        {
            yield return fault;
        }

        if (ClusterFault() is { } cluster)
        {
            yield return cluster;
        }

        if (OwnershipBound < ShortestOwnership)
        {
            yield return new ValidationResult(
                $"{nameof(StableAfter)} and {nameof(DownRemovalMargin)} are at least {ShortestOwnership + OwnershipReserve}: a member asks once a second "
                + "whether it is still one, and must have stopped exporting before others take over.",
                [StableAfter < DownRemovalMargin ? nameof(StableAfter) : nameof(DownRemovalMargin)]);
        }

        if (Fault(() => SeedList.Parse(Seeds)) is { } seeds)
        {
            yield return new ValidationResult(seeds, [nameof(Seeds)]);
        }

        if (!Enum.IsDefined(Exported) || !Enum.IsDefined(LogFormat))
        {
            yield return new ValidationResult("It is one of the names documented.", [Enum.IsDefined(Exported) ? nameof(LogFormat) : nameof(Exported)]);
        }

        if (Fault(() => Directory.Externals.ExternalGroups.Parse(ExternalGroups)) is { } groups)
        {
            yield return new ValidationResult(groups, [nameof(ExternalGroups)]);
        }

        if (Fault(() => DnsServerList.Parse(DnsServers)) is { } servers)
        {
            yield return new ValidationResult(servers, [nameof(DnsServers)]);
        }

        if (GroupExternals && ReverseDns)
        {
            yield return new ValidationResult(
                $"With {nameof(GroupExternals)} no address is left for DNS to name. Turn one of the two off.", [nameof(ReverseDns)]);
        }
    }

    private ValidationResult? ClusterFault() => this switch
    {
        _ when !Enum.IsDefined(Discovery) => new("It is one of the names documented.", [nameof(Discovery)]),
        { Discovery: Discovery.Kubernetes, Kubernetes: KubernetesAccess.Off } =>
            new("Members are found through the API server: set Kubernetes to InCluster, KubeConfig or ApiServer.", [nameof(Discovery)]),
        { Discovery: Discovery.Kubernetes, Seeds.Length: > 0 } => new("It goes with Discovery set to Static, and only with that.", [nameof(Seeds)]),
        { Journal: JournalKind.Sqlite, Seeds: var seeds } when seeds.Contains(',', StringComparison.Ordinal) =>
            new("Several members need a journal that all of them reach: set Journal to PostgreSql, or leave Seeds empty.", [nameof(Seeds)]),
        _ => null,
    };

    private static string? Fault(Action parse)
    {
        try
        {
            parse();
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }

    private IEnumerable<ValidationResult> HttpFaults()
    {
        if (HttpSecurity is { } security && !Enum.IsDefined(security))
        {
            yield return new ValidationResult($"It is one of {string.Join(", ", Enum.GetNames<SecurityMode>())}.", [nameof(HttpSecurity)]);
        }

        if (!Enum.IsDefined(MetricsAccess) || !Enum.IsDefined(HealthAccess))
        {
            yield return new ValidationResult(
                $"It is one of {string.Join(", ", Enum.GetNames<PageAccess>())}.",
                [Enum.IsDefined(MetricsAccess) ? nameof(HealthAccess) : nameof(MetricsAccess)]);
        }

        if ((HttpProxyHeader.Length > 0) != (HttpProxyNetworks.Length > 0))
        {
            yield return new ValidationResult("HttpProxyHeader and HttpProxyNetworks go together.", [nameof(HttpProxyHeader)]);
        }

        if (Fault(() => ProxyNetworks.Parse(HttpProxyNetworks)) is { } networks)
        {
            yield return new ValidationResult(networks, [nameof(HttpProxyNetworks)]);
        }
    }

    private IEnumerable<ValidationResult> KubernetesFaults()
    {
        if (!Enum.IsDefined(Kubernetes))
        {
            yield return new ValidationResult("It is one of the names documented.", [nameof(Kubernetes)]);
        }

        if (AgentServiceAccount.Length > 0 && AgentServiceAccount.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            yield return new ValidationResult("Write namespace/name.", [nameof(AgentServiceAccount)]);
        }

        if (AgentServiceAccount.Length > 0 && Kubernetes == KubernetesAccess.Off)
        {
            yield return new ValidationResult("Its tokens are checked by an API server: set Kubernetes, too.", [nameof(AgentServiceAccount)]);
        }

        if ((KubeConfigFile.Length > 0) != (Kubernetes == KubernetesAccess.KubeConfig))
        {
            yield return new ValidationResult("It goes with Kubernetes set to KubeConfig, and only with that.", [nameof(KubeConfigFile)]);
        }

        if (ApiServer is null ? Kubernetes == KubernetesAccess.ApiServer : Kubernetes != KubernetesAccess.ApiServer)
        {
            yield return new ValidationResult("It goes with Kubernetes set to ApiServer, and only with that.", [nameof(ApiServer)]);
        }

        if (ApiServer is { } server && !(server.IsAbsoluteUri && server.Scheme is "http" or "https"))
        {
            yield return new ValidationResult($"'{server}' is no http:// or https:// address.", [nameof(ApiServer)]);
        }
    }
}
