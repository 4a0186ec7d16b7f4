namespace Caretta.Benchmarks;

/// <summary>docs/performance.md, in which each benchmark rewrites what is between its own two markers.</summary>
internal static class PerformancePage
{
    private static readonly string File = Path.Combine(SourceFolder.Repository, "docs", "performance.md");

    public static void Replace(string benchmark, string results)
    {
        var page = System.IO.File.ReadAllText(File);
        var begin = Marker(page, $"<!-- {benchmark} -->", after: true);
        var end = Marker(page, $"<!-- /{benchmark} -->", after: false);
        System.IO.File.WriteAllText(File, $"{page[..begin]}\n\n{results}\n\n{page[end..]}");
    }

    private static int Marker(string page, string marker, bool after)
    {
        var at = page.IndexOf(marker, StringComparison.Ordinal);
        return at < 0 ? throw new InvalidDataException($"{File} has no {marker}.") : at + (after ? marker.Length : 0);
    }
}
