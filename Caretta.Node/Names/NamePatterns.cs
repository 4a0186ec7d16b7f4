using System.IO.Enumeration;

namespace Caretta.Node.Names;

/// <summary>Names in which <c>*</c> stands for any characters, none included.</summary>
internal sealed class NamePatterns(IReadOnlyList<string> patterns)
{
    private static readonly System.Buffers.SearchValues<char> Foreign = System.Buffers.SearchValues.Create(" ?[]{}()|\\/^$+\"'<>");

    public bool IsEmpty => patterns.Count == 0;

    /// <summary>What is wrong with an entry, and what would do; null if nothing is.</summary>
    public static string? FaultOf(string entry) => entry.AsSpan().IndexOfAny(Foreign) < 0
        ? null
        : "is no name or pattern: * is the only sign that stands for others, and commas separate entries, as in kube-system,monitoring-*.";

    public bool Match(string name) => patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
