using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Database;

/// <summary>A shard goes to another member and comes back to the process that had it before.</summary>
[Collection(SharedPostgres.Name)]
public sealed class ReturningShardSpecs(SharedPostgres postgres)
{
    [Fact]
    public async Task What_all_of_its_owners_wrote_in_turn_is_recovered()
    {
        using var place = new PostgresPlace(postgres.Server);
        var (source, link) = (Traffic.Source(), Traffic.LinksOfShard(JournalledShard.Number).First());
        await using var one = new RecoveredShard(place);
        await one.ReportAsync(source, 1, Traffic.Report(link, sent: 100));

        await using var other = new RecoveredShard(place);
        await other.ReportAsync(source, 2, Traffic.Report(link, sent: 200, sequence: 2));

        await one.ComeBackAsync();
        Assert.Equal(2UL, (await one.OpenAsync(source)).Sequence);
        await one.ReportAsync(source, 3, Traffic.Report(link, sent: 300, sequence: 3));

        await using var third = new RecoveredShard(place);
        Assert.Equal(3UL, (await third.OpenAsync(source)).Sequence);
        Assert.Equal(Traffic.Totals(300), third.Shown(link));
    }
}
