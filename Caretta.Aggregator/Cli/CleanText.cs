using System.Text;
using Caretta.Messages;

namespace Caretta.Aggregator.Cli;

/// <summary>Names on a terminal: whatever server told them, none moves the cursor or turns the text.</summary>
internal static class CleanText
{
    public static string Of(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            clean.Append(NameRules.MayContain(rune) ? rune : Rune.ReplacementChar);
        }

        return clean.ToString();
    }
}
