namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>Between all sites one frame of a hundred is lost, one comes twice, and each is late by a fifth of a second.</summary>
internal sealed class PoorNetwork(TimeSpan time) : Fault("network")
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    public override async Task Run(ClusterUnderTest cluster)
    {
        List<(string From, string To)> pairs = [.. from one in cluster.Sites from other in cluster.Sites where one != other select (one, other)];
        foreach (var (from, to) in pairs)
        {
            cluster.Network.Set(from, to, path => path with { LostPercent = 1, DoubledPercent = 1, Delay = Delay });
        }

        await Task.Delay(time);
        foreach (var (from, to) in pairs)
        {
            cluster.Network.Set(from, to, path => path with { LostPercent = 0, DoubledPercent = 0, Delay = TimeSpan.Zero });
        }

        var counts = pairs.ConvertAll(pair => cluster.Network.Counts(pair.From, pair.To));
        TookEffect(counts.Sum(count => count.Lost) > 0 && counts.Sum(count => count.Doubled) > 0 && counts.Sum(count => count.Delayed) > 0, "all frames passed");
    }
}
