using Caretta.Messages;
using Caretta.Node;
using Caretta.Node.Ledger;
using Caretta.Node.Probe;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Tests.Node.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace Caretta.Tests.Node.Probe;

/// <summary>A probe on a host of fakes. What the host holds, and the ledger's store, outlive each of its processes.</summary>
internal sealed class AgentUnderTest : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();

    public AgentUnderTest()
    {
        Metrics = new NodeMetrics(Prometheus.Metrics.WithCustomRegistry(_registry));
        Options = new NodeOptions { NodeName = "node", BootId = "boot 1", RunFolder = Path.Combine(_folder.Path, "run"), IdlePolls = 0 };
    }

    public NodeOptions Options { get; }

    public FakeKernel Kernel { get; } = new();

    public FakeLedgerStore Store { get; set; } = new();

    public FakeNames Names { get; } = new();

    public ManualTime Time { get; } = new(DateTimeOffset.UnixEpoch);

    public NodeMetrics Metrics { get; }

    public LedgerIdentity Identity => Store.Contents!.Identity;

    public FakeFlowTable Table => Kernel.Pinned!;

    public ulong Total => Store.Contents?.Links.Aggregate(0UL, (sum, row) => sum + row.Totals.SentBytes) ?? 0;

    public Poller Start(bool ledgerSetAside = false) =>
        new ProbeStart(Options, Kernel, Store, ledgerSetAside, Names, Metrics, Time, NullLogger.Instance).Open();

    public ulong Sent(NetworkLink link) => Store.Contents!.Links.Single(row => row.Link == link).Totals.SentBytes;

    public async Task<double> Metric(string series)
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page);
        var line = System.Text.Encoding.UTF8.GetString(page.ToArray()).Split('\n')
            .SingleOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public void LoseLedger() => Store = new FakeLedgerStore();

    public void LoseRunFolder() => Directory.Delete(Options.RunFolder, recursive: true);

    public void Reboot()
    {
        Kernel.Reboot();
        LoseRunFolder();
        Options.BootId = "boot 2";
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
