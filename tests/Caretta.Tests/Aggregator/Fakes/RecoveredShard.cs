using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>A member's shard on a journal of somebody else's making, until it is disposed: what it shows, recovery found.</summary>
internal sealed class RecoveredShard : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly JournalledShard _shard;
    private readonly ActorSystem _system;
    private IActorRef _region;
    private ulong _lastBatch;

    public RecoveredShard(JournalPlace place, int snapshotEvery = 1000)
    {
        _shard = new JournalledShard(place.Open());
        _shard.Settings = _shard.Settings with { SnapshotEvery = snapshotEvery };
        _system = _shard.StartSystem("");
        _region = _shard.Start(_system);
    }

    /// <summary>Is answered once all links have their totals.</summary>
    public Task<ShardHeld> OpenAsync(Source source) =>
        _region.Ask<ShardHeld>(new LedgerEnvelope(JournalledShard.Number, new OpenSource(source, Poll)), TimeSpan.FromSeconds(60));

    public Task<ShardHeld> ReportAsync(Source source, ulong watermark, params IReadOnlyList<Report> reports) => _region.Ask<ShardHeld>(
        new LedgerEnvelope(JournalledShard.Number, new TakeBatch(source, Poll, ++_lastBatch, watermark, reports)), TimeSpan.FromSeconds(60));

    /// <summary>It had left this member, which is the same process still.</summary>
    public async Task ComeBackAsync()
    {
        await _region.GracefulStop(TimeSpan.FromSeconds(60));
        _region = _shard.Start(_system);
    }

    /// <summary>After everything told to the link so far; only for links without levels.</summary>
    public Task SettleAsync(NetworkLink link) =>
        _region.Ask<LinkIsIdle>(new LinkEnvelope(link.Id, new AskWhetherIdle()), TimeSpan.FromSeconds(60));

    /// <summary>null: it is not exported.</summary>
    public LinkTotals? Shown(NetworkLink link) => _shard.Shown(link)?.Totals;

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _shard.Dispose();
    }
}
