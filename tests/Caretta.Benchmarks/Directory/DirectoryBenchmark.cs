using System.Text;

namespace Caretta.Benchmarks.Directory;

/// <summary>What it costs to know who has which address. Each part measures one thing and says it in a table of its own.</summary>
internal sealed class DirectoryBenchmark : IBenchmark
{
    private static readonly IReadOnlyList<Func<string>> Parts = [IndexCost.Measure, SyncCost.Measure, AgentsCost.Measure];

    public string Name => "directory";

    public string Run()
    {
        var tables = new StringBuilder();
        foreach (var part in Parts)
        {
            tables.AppendLine(part());
        }

        return tables.ToString();
    }
}
