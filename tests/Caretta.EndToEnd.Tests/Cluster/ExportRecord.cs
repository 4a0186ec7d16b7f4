using System.Globalization;
using System.Text.RegularExpressions;
using Caretta.EndToEnd.Tests.Programs;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>A time in which a member had a shard's links on its page, as it logged it, on the clock that all processes of a machine share.</summary>
/// <param name="Life">The process: a member that restarts is another one.</param>
/// <param name="From">In nanoseconds, as all times here.</param>
/// <param name="Until">Null: it never said so. It was killed, put out, or still has the shard.</param>
internal sealed partial record ExportRecord(object Life, int Shard, long From, long? Until)
{
    /// <summary>In the order of their beginning.</summary>
    public static IReadOnlyList<ExportRecord> Of(ProgramUnderTest life)
    {
        var records = new List<ExportRecord>();
        foreach (var match in life.Lines.Select(line => Line().Match(line)).Where(match => match.Success))
        {
            var (shard, at) = (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
            if (match.Groups[2].Value == "from")
            {
                records.Add(new ExportRecord(life, shard, at, null));
            }
            else if (records.FindLastIndex(record => record.Shard == shard) is var open and >= 0)
            {
                records[open] = records[open] with { Until = at };
            }
        }

        return records;
    }

    /// <summary>The shards it has at the moment.</summary>
    public static IReadOnlyList<int> OpenOf(ProgramUnderTest life) => [.. Of(life).Where(record => record.Until is null).Select(record => record.Shard)];

    [GeneratedRegex(@"Shard (\d+) exported (from|until) (\d+) ns")]
    private static partial Regex Line();
}
