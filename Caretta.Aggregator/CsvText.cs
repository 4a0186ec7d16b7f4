using System.Text;

namespace Caretta.Aggregator;

/// <summary>Lines of comma-separated values that a spreadsheet may open: names come from strangers.</summary>
internal static class CsvText
{
    public static StringBuilder Row(StringBuilder text, params IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).AppendLine();

    /// <summary>A leading =, +, - or @ would be a formula, and so it would behind a tab or a line's end.</summary>
    public static string Cell(string cell)
    {
        var safe = cell is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + cell : cell;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
