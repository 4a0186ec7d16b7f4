using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security.Http;

/// <summary>Lines that say something: not empty, and not beginning with #.</summary>
internal static class FileLines
{
    public static IReadOnlyList<string> Of(FileText file) =>
        [.. file.Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))];
}
