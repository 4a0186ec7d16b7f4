namespace Caretta.Benchmarks;

internal interface IBenchmark
{
    /// <summary>As on the command line, and in the markers of docs/performance.md.</summary>
    string Name { get; }

    /// <returns>Markdown: tables and what has to be said beside them.</returns>
    string Run();
}
