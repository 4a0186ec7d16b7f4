using System.Globalization;
using System.Text;

namespace Caretta.Messages;

/// <summary>
/// What a name may look like that becomes a label, a log line and a word on a page: as long as Kubernetes' longest, no control characters, no line
/// breaks of Unicode's, no half of a surrogate pair, and nothing that turns the direction of the text after it. The agent names nothing otherwise,
/// the aggregator takes nothing else.
/// </summary>
public static class NameRules
{
    public const int MaxLength = 253;

    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Fault(string what, string name, bool mayBeEmpty) => name switch
    {
        "" => mayBeEmpty ? null : $"{what} is empty.",
        { Length: > MaxLength } => $"{what} has {name.Length} characters; {MaxLength} are the most.",
        _ => IsClean(name) ? null : $"{what} contains a control character.",
    };

    public static bool MayContain(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && !TurnsText(rune.Value);

    private static bool IsClean(string name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (!MayContain(rune))
            {
                return false;
            }
        }

        return !HasHalfAPair(name);
    }

    /// <summary>A rune that stands for half a pair reads as the replacement character, which a name may contain.</summary>
    private static bool HasHalfAPair(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(name[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TurnsText(int rune) => rune is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
