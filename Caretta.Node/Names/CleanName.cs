using System.Buffers;
using System.Globalization;
using System.Text;
using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>
/// Names that come from the host may be any bytes: whoever runs a process calls it what he likes. What <see cref="NameRules"/> refuses is
/// written out, so that it keeps a link of its own instead of being left out by the aggregator.
/// </summary>
public static class CleanName
{
    private const string Nameless = "~unnamed";

    /// <summary>Of the tail that tells names apart which begin alike: a tilde and 16 digits.</summary>
    private const int TailLength = 17;

    /// <returns>The same for the same name, always: it is part of a link's identity.</returns>
    public static string Of(string name)
    {
        if (NameRules.Fault("", name, mayBeEmpty: false) is null)
        {
            return name;
        }

        var written = WriteOut(name);
        return written.Length switch
        {
            0 => Nameless,
            <= NameRules.MaxLength => written,
            _ => Shorten(written),
        };
    }

    private static string WriteOut(string name)
    {
        var clean = new StringBuilder(name.Length);
        for (var rest = name.AsSpan(); rest.Length > 0;)
        {
            var status = Rune.DecodeFromUtf16(rest, out var rune, out var length);
            if (status == OperationStatus.Done && NameRules.MayContain(rune))
            {
                clean.Append(rest[..length]);
            }
            else
            {
                var code = status == OperationStatus.Done ? rune.Value : rest[0]; // half a pair is no rune
                clean.Append(CultureInfo.InvariantCulture, $"\\u{{{code:x}}}");
            }

            rest = rest[length..];
        }

        return clean.ToString();
    }

    private static string Shorten(string name)
    {
        var kept = NameRules.MaxLength - TailLength;
        kept -= char.IsHighSurrogate(name[kept - 1]) ? 1 : 0;
        return $"{name[..kept]}~{StableHash.Of("name", name):x16}";
    }
}
