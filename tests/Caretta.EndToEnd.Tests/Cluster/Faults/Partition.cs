namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>Nothing passes between one site and some others, in either direction, without a word.</summary>
internal sealed class Partition(string site, IReadOnlyList<string> others, TimeSpan time) : Fault([site, .. others.Select(other => $"{site}-{other}")])
{
    public override bool IsGentle => ClusterUnderTest.IsAgent(site);

    public override async Task Run(ClusterUnderTest cluster)
    {
        Set(cluster, cut: true);
        var before = Cut(cluster);
        await Task.Delay(time);
        TookEffect(Cut(cluster) > before, "no frame was held up");
        Set(cluster, cut: false);
        await cluster.AllReady();
    }

    private long Cut(ClusterUnderTest cluster) =>
        others.Sum(other => cluster.Network.Counts(site, other).Cut + cluster.Network.Counts(other, site).Cut);

    private void Set(ClusterUnderTest cluster, bool cut)
    {
        foreach (var other in others)
        {
            cluster.Network.Set(site, other, path => path with { Cut = cut });
        }
    }
}
