using System.Threading.Channels;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Externals;

/// <summary>Names from a DNS server of the spec's own, on a clock of its own.</summary>
internal sealed class NamesUnderTest : IAsyncDisposable
{
    /// <summary>Never reached: the server answers, or says that it does not.</summary>
    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(5);

    private readonly Channel<Address> _changes = Channel.CreateUnbounded<Address>();
    private readonly ExternalNames _names;
    private int _settled;

    public NamesUnderTest(string groups = "", int maxCached = 100, int atOnce = 1, int maxQueued = 100, TimeSpan? timeout = null)
    {
        Metrics = new ExternalMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        var dns = new ReverseDns([Dns.EndPoint], timeout ?? Patient);
        _names = new ExternalNames(
            ExternalGroups.Parse(groups),
            together: false,
            (isTaken, changed) => new ReverseNames(dns, isTaken, changed, Metrics, Time, maxCached, atOnce, maxQueued));
        _names.Changed += address => _changes.Writer.TryWrite(address);
    }

    public FakeDnsServer Dns { get; } = new();

    public ManualTime Time { get; } = new();

    public ExternalMetrics Metrics { get; }

    public string NameOf(Address address) => _names.NameOf(address).Workload.Name;

    public bool IsPending(Address address) => _names.NameOf(address).IsPending;

    public async Task<Address> NextChangeAsync() => await _changes.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Asks for it and waits for its first or next other name.</summary>
    public async Task<string> LearnAsync(Address address)
    {
        NameOf(address);
        Assert.Equal(address, await NextChangeAsync());
        return NameOf(address);
    }

    /// <summary>With one lookup at a time: all asked before have been answered, and changed nothing that was not told.</summary>
    public async Task SettleAsync()
    {
        var stranger = Address.Parse($"192.0.2.{++_settled}");
        Dns.Name(stranger, 60, "settled.example");
        await LearnAsync(stranger);
    }

    public async ValueTask DisposeAsync()
    {
        await _names.DisposeAsync();
        await Dns.DisposeAsync();
    }
}
