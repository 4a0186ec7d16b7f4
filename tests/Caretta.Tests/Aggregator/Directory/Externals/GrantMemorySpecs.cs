using Caretta.Aggregator.Directory.Externals;

namespace Caretta.Tests.Aggregator.Directory.Externals;

/// <summary>Measured alone, as what others allocate meanwhile would count: -explicit only -class "*GrantMemorySpecs".</summary>
public class GrantMemorySpecs(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void A_million_grants_take_less_than_40_MB()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var grants = new ExternalGrants();
        for (var round = 0UL; round < 10; round++) // ten events a workload, so that rows grow as they do
        {
            for (var local = 1UL; local <= 10_000; local++)
            {
                var granted = Enumerable.Range(1, 10).Select(number => (local << 20) + (round * 10) + (ulong)number).ToList();
                grants.Apply(new GrantsAdvanced(DateTimeOffset.UnixEpoch, [new GrantAdvance(local, granted, [], [])]));
            }
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{grants.Count} grants: {bytes / 1e6:0.0} MB");
        Assert.Equal(1_000_000, grants.Count);
        Assert.InRange(bytes, 12_000_000, 40_000_000);
    }
}
