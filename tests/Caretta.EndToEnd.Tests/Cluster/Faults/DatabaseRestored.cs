namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>An operator stops the members, puts back an earlier dump, and starts them: agents resend what the journal no longer knows.</summary>
internal sealed class DatabaseRestored() : Fault([ClusterUnderTest.Database, .. ClusterUnderTest.StartMembers, ClusterUnderTest.SpareMember])
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>Those are about what the journal holds of a ledger. One that was put back no longer knows of it, and then nothing is lost.</summary>
    public override bool Excludes(Fault other) => other is LedgerFault;

    public override async Task Run(ClusterUnderTest cluster)
    {
        var dump = await cluster.Postgres.DumpAsync(ClusterUnderTest.Database);
        var dumped = await Sequences(cluster);
        await Task.Delay(Age);
        await Eventually.True(async () => await Sequences(cluster) > dumped, () => $"{this}: something to be put back");
        var members = ClusterUnderTest.StartMembers.Select(cluster.Program).ToList();
        await Task.WhenAll(members.Select(member => member.Stop()));
        var before = await Sequences(cluster);
        await cluster.Postgres.RestoreAsync(ClusterUnderTest.Database, dump);
        TookEffect(await Sequences(cluster) < before, "the journal was not put back");
        cluster.Exports.DatabaseWasRestored();
        members.ForEach(member => member.Start());
        await cluster.AllReady();
    }

    /// <summary>How far the journal has come, over all shards.</summary>
    private static async Task<decimal> Sequences(ClusterUnderTest cluster) =>
        Convert.ToDecimal(await cluster.AskDatabase("SELECT COALESCE(sum(sequence_number), 0) FROM caretta.head"), null);
}
