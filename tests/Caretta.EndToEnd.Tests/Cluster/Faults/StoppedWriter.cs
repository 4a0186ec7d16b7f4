using System.Globalization;

namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>
/// A member stands still for so long that others have its shards, have saved snapshots of them and deleted the events it would collide with. Then it goes
/// on, with whatever it was about to write.
/// </summary>
internal sealed class StoppedWriter(string member) : Fault(member)
{
    public override IEnumerable<string> Traces => ["caretta_aggregator_writers_refused_total"];

    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(member);
        await Eventually.True(
            () => Task.FromResult(ExportRecord.OpenOf(supervised.Program).Count > 0), () => $"{this}: shards of its own; it said:\n{supervised.Program.Output}");
        var program = supervised.Program;
        program.Pause();
        try
        {
            var shards = ExportRecord.OpenOf(program);
            var heads = await Heads(cluster);
            await Eventually.True(
                async () => await FirstEvents(cluster) is var first
                    && shards.Any(shard => first.GetValueOrDefault(shard) > heads.GetValueOrDefault(shard) + 1),
                () => $"{this}: what it would write to be taken and deleted");
        }
        finally
        {
            program.Resume();
        }

        await Eventually.True(() => Task.FromResult(!program.IsRunning), () => $"{this}: the end of one that the others do without; it said:\n{program.Output}");
        await supervised.Ready(); // the next life
    }

    /// <summary>By shard, the last event written.</summary>
    private static Task<Dictionary<int, long>> Heads(ClusterUnderTest cluster) =>
        Ask(cluster, "SELECT string_agg(persistence_id || '=' || sequence_number, ',') FROM caretta.head");

    /// <summary>By shard, the first event that is still there.</summary>
    private static Task<Dictionary<int, long>> FirstEvents(ClusterUnderTest cluster) => Ask(
        cluster,
        "SELECT string_agg(id || '=' || first, ',') FROM (SELECT persistence_id AS id, min(sequence_number) AS first FROM caretta.journal GROUP BY 1) AS events");

    private static async Task<Dictionary<int, long>> Ask(ClusterUnderTest cluster, string sql)
    {
        const string prefix = "shard-";
        return await cluster.AskDatabase(sql) is not string answer ? [] : answer.Split(',').Where(row => row.StartsWith(prefix, StringComparison.Ordinal))
            .Select(row => row[prefix.Length..].Split('='))
            .ToDictionary(row => int.Parse(row[0], CultureInfo.InvariantCulture), row => long.Parse(row[1], CultureInfo.InvariantCulture));
    }
}
