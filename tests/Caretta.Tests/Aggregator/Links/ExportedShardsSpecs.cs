using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Links;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caretta.Tests.Aggregator.Links;

public class ExportedShardsSpecs
{
    private readonly ManualTime _time = new();
    private readonly OwnershipLease _lease;
    private readonly ExportedShards _shards;

    public ExportedShardsSpecs()
    {
        _lease = new OwnershipLease(TimeSpan.FromSeconds(4), _time);
        _shards = new ExportedShards(_lease, NullLogger<ExportedShards>.Instance);
    }

    [Fact]
    public void What_comes_while_the_lease_is_held_is_exported_at_once()
    {
        _lease.Renew(_time.GetTimestamp());
        _shards.Open(7);
        Assert.True(_shards.Contains(7));
        Assert.True(_shards.Close(7));
        Assert.False(_shards.Contains(7));
    }

    [Fact]
    public void What_comes_without_it_waits_for_it()
    {
        _shards.Open(7);
        _shards.Open(8);
        Assert.False(_shards.Contains(7));
        Assert.True(_shards.Close(8));
        _lease.Renew(_time.GetTimestamp());
        Assert.True(_shards.Contains(7));
        Assert.False(_shards.Contains(8));
    }

    [Fact]
    public void A_member_that_slept_exports_nothing_for_what_it_was_told_before()
    {
        var asked = _time.GetTimestamp();
        _lease.Renew(asked);
        _time.Pass(TimeSpan.FromSeconds(60));
        _shards.Open(7);
        _lease.Renew(asked); // an answer that waited for it
        Assert.False(_shards.Contains(7));
        _lease.Lose();
        _lease.Renew(_time.GetTimestamp());
        Assert.False(_shards.Contains(7));
    }

    [Fact]
    public void What_is_exported_stays_while_the_lease_has_run_out_and_comes_again_with_it()
    {
        _lease.Renew(_time.GetTimestamp());
        _shards.Open(7);
        _time.Pass(TimeSpan.FromSeconds(60));
        Assert.True(_shards.Contains(7)); // the scrape asks the lease itself
        Assert.False(_shards.Close(8));
    }
}
