using System.Runtime.CompilerServices;

namespace Caretta.Benchmarks;

/// <summary>Where the benchmarks' sources are: some are compiled when they run, and their results are written into the documentation.</summary>
internal static class SourceFolder
{
    public static string Path { get; } = Find();

    public static string Repository { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, "..", ".."));

    private static string Find([CallerFilePath] string here = "") => System.IO.Path.GetDirectoryName(here)!;
}
