using ArchUnitNET.Loader;

namespace Caretta.Tests.Architecture;

/// <summary>Who may depend on whom: the table of docs/architecture.md.</summary>
public class DependencySpecs
{
    private static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader()
        .LoadAssemblies(
            typeof(Caretta.Messages.NetworkLink).Assembly,
            System.Reflection.Assembly.Load("caretta-node"),
            System.Reflection.Assembly.Load("caretta-aggregator"))
        .Build();

    [Theory]
    [InlineData("Caretta.Messages", "Caretta.Node", "Caretta.Aggregator", "Akka", "Microsoft.AspNetCore", "System.Net.Sockets")]
    [InlineData("Caretta.Messages.Tls", "Caretta.Messages.Wire", "Grpc", "Prometheus")]
    [InlineData("Caretta.Aggregator.Security", "Caretta.Aggregator.Links", "Caretta.Aggregator.Journal", "Caretta.Aggregator.Exposition", "Microsoft.Data.Sqlite", "LinqToDB")]
    [InlineData("Caretta.Aggregator.Directory", "Caretta.Aggregator.Security")]
    [InlineData("Caretta.Node", "Caretta.Aggregator")]
    [InlineData("Caretta.Aggregator", "Caretta.Node")]
    [InlineData("Caretta.Node.Kernel", "Akka", "Grpc", "Prometheus", "Caretta.Node.Ledger", "Caretta.Node.Forward", "Caretta.Node.Probe", "Caretta.Node.Names")]
    [InlineData("Caretta.Node.Ledger", "Akka", "Grpc", "Caretta.Node.Forward", "Caretta.Node.Probe", "Caretta.Node.Names.HostNames", "Caretta.Node.Kernel.Libbpf", "Caretta.Node.Kernel.KernelFlowTable")]
    [InlineData("Caretta.Node.Names", "Akka", "Grpc", "Caretta.Node.Ledger", "Caretta.Node.Forward", "Caretta.Node.Probe", "Caretta.Node.Kernel.Libbpf", "Caretta.Node.Kernel.KernelFlowTable")]
    [InlineData("Caretta.Node.Forward", "Caretta.Node.Kernel", "Caretta.Node.Ledger", "Caretta.Node.Names", "Microsoft.Data.Sqlite")]
    [InlineData("Caretta.Aggregator.Links", "Microsoft.Data.Sqlite", "LinqToDB", "Microsoft.AspNetCore", "Grpc", "Caretta.Messages.Wire", "Caretta.Aggregator.Ingress")]
    [InlineData("Caretta.Aggregator.Journal", "Caretta.Messages.Wire", "Grpc", "Microsoft.AspNetCore", "Caretta.Aggregator.Ingress")]
    [InlineData("Caretta.Aggregator.Journal.Database", "Caretta.Aggregator.Links", "Caretta.Aggregator.Shards", "Caretta.Aggregator.Cluster", "Caretta.Aggregator.Directory")]
    [InlineData("Caretta.Aggregator.Journal.Tool", "Akka.Actor.IActorRef", "Akka.Persistence", "Akka.Cluster", "Caretta.Aggregator.Cluster", "Caretta.Aggregator.Shards", "Caretta.Aggregator.Ingress")]
    [InlineData("Caretta.Aggregator.Ingress", "Microsoft.Data.Sqlite", "LinqToDB", "Npgsql")]
    [InlineData("Caretta.Aggregator.Directory", "Caretta.Aggregator.Links", "Caretta.Aggregator.Ingress", "Caretta.Aggregator.Exposition", "Caretta.Messages.Wire", "Grpc", "Microsoft.Data.Sqlite")]
    [InlineData("Caretta.Aggregator.Cluster", "Caretta.Aggregator.Links", "Caretta.Aggregator.Ingress", "Caretta.Aggregator.Exposition", "Caretta.Aggregator.Directory", "Caretta.Messages.Wire", "Grpc", "LinqToDB", "Npgsql")]
    [InlineData("Caretta.Aggregator.Map", "Caretta.Aggregator.Journal", "Caretta.Aggregator.Directory", "Caretta.Aggregator.Ingress", "Caretta.Aggregator.Exposition", "Caretta.Aggregator.Security", "Caretta.Messages.Wire", "Grpc", "Microsoft.Data.Sqlite", "LinqToDB", "Npgsql")]
    [InlineData("Caretta.Aggregator.Map.Model", "Akka", "Prometheus", "Microsoft", "Caretta.Aggregator.Map.Trails", "Caretta.Aggregator.Map.Views", "Caretta.Aggregator.Map.Gather", "Caretta.Aggregator.Map.Http")]
    [InlineData("Caretta.Aggregator.Map.Trails", "Akka", "Prometheus", "Microsoft", "Caretta.Aggregator.Map.Model", "Caretta.Aggregator.Map.Views", "Caretta.Aggregator.Map.Gather", "Caretta.Aggregator.Map.Http")]
    [InlineData("Caretta.Aggregator.Map.Views", "Akka", "Prometheus", "Microsoft", "Caretta.Aggregator.Map.Gather", "Caretta.Aggregator.Map.Http")]
    [InlineData("Caretta.Aggregator.Map.Gather", "Microsoft.AspNetCore", "Caretta.Aggregator.Map.Views", "Caretta.Aggregator.Map.Http")]
    [InlineData("Caretta.Aggregator.Certificates", "Akka", "Caretta.Aggregator.Links", "Caretta.Aggregator.Journal", "Caretta.Aggregator.Cluster", "Caretta.Aggregator.Ingress")]
    [InlineData("Caretta.Aggregator.Operation", "Caretta.Aggregator.Links", "Caretta.Aggregator.Journal", "Caretta.Aggregator.Cluster", "Caretta.Aggregator.Map", "Microsoft.Data.Sqlite", "LinqToDB", "Npgsql")]
    [InlineData("Caretta.Aggregator.Ingress", "Caretta.Aggregator.Operation")]
    [InlineData("Caretta.Aggregator.Ui", "Akka", "Caretta.Aggregator.Map", "Caretta.Aggregator.Links")]
    [InlineData("Caretta.Aggregator.Links", "Caretta.Aggregator.Map")]
    [InlineData("Caretta.Aggregator.Directory.Index", "k8s", "Akka", "Prometheus", "Microsoft", "Caretta.Aggregator.Directory.Watches", "Caretta.Aggregator.Directory.Externals", "Caretta.Aggregator.Directory.ClusterDirectory")]
    [InlineData("Caretta.Aggregator.Directory.Watches", "Akka", "Caretta.Aggregator.Journal", "Caretta.Aggregator.Directory.Index", "Caretta.Aggregator.Directory.Externals", "Caretta.Aggregator.Directory.ClusterDirectory")]
    public void A_stage_does_not_know(string stage, params string[] others)
    {
        Assert.Empty(Broken(type => Within(type, stage), others));
    }

    [Fact]
    public void Of_what_both_programs_share_only_Tls_reads_files()
    {
        Assert.Empty(Broken(type => Within(type, "Caretta.Messages") && !Within(type, "Caretta.Messages.Tls"), "System.IO.File"));
    }

    [Theory]
    [InlineData("Caretta.Messages")]
    [InlineData("Caretta.Messages.Tls")]
    [InlineData("Caretta.Aggregator.Security")]
    [InlineData("Caretta.Node.Kernel")]
    [InlineData("Caretta.Node.Ledger")]
    [InlineData("Caretta.Node.Names")]
    [InlineData("Caretta.Node.Forward")]
    [InlineData("Caretta.Aggregator.Links")]
    [InlineData("Caretta.Aggregator.Journal")]
    [InlineData("Caretta.Aggregator.Journal.Database")]
    [InlineData("Caretta.Aggregator.Journal.Tool")]
    [InlineData("Caretta.Aggregator.Ingress")]
    [InlineData("Caretta.Aggregator.Cluster")]
    [InlineData("Caretta.Aggregator.Directory")]
    [InlineData("Caretta.Aggregator.Operation")]
    [InlineData("Caretta.Aggregator.Map")]
    [InlineData("Caretta.Aggregator.Map.Model")]
    [InlineData("Caretta.Aggregator.Map.Trails")]
    [InlineData("Caretta.Aggregator.Map.Views")]
    [InlineData("Caretta.Aggregator.Map.Gather")]
    [InlineData("Caretta.Aggregator.Ui")]
    [InlineData("Caretta.Aggregator.Directory.Index")]
    [InlineData("Caretta.Aggregator.Directory.Watches")]
    public void Every_stage_of_the_table_exists(string stage) => Assert.Contains(Product.Types, type => Within(type.FullName, stage));

    /// <summary>A name that nothing bears would be known to nobody.</summary>
    [Fact]
    public void What_a_stage_does_not_know_exists() => Assert.All(
        GetType().GetMethod(nameof(A_stage_does_not_know))!.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>()
            .SelectMany(row => row.Data).Cast<string>().Where(name => name.StartsWith("Caretta.", StringComparison.Ordinal)).Distinct(),
        name => Assert.Contains(Product.Types, type => Within(type.FullName, name)));

    private static IEnumerable<string> Broken(Func<string, bool> stage, params string[] others) =>
        (from type in Product.Types
         where stage(type.FullName)
         from dependency in type.Dependencies
         let target = dependency.Target.FullName
         where others.Any(other => Within(target, other)) && !(type.FullName == target)
         select $"{type.FullName} → {target}").Distinct().Order();

    private static bool Within(string fullName, string prefix) =>
        fullName.StartsWith(prefix, StringComparison.Ordinal) && (fullName.Length == prefix.Length || fullName[prefix.Length] is '.' or '+' or '/');
}
