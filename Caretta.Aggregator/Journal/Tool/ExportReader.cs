using System.Security.Cryptography;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Reads what <see cref="ExportWriter"/> wrote, as a whole or not at all.</summary>
internal static class ExportReader
{
    private const string Remedy = "Use a whole copy.";

    /// <exception cref="InvalidDataException">It is cut short, changed, or not of this version.</exception>
    public static async Task<JournalImage> ReadAsync(Stream from, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (image, lines) = (new JournalImage(), 0L);
        await foreach (var line in LinesAsync(from, cancel))
        {
            if (lines == 0)
            {
                ExportFormat.CheckVersion(line);
            }

            var read = ExportFormat.Read(line.AsSpan(0, line.Length - 1), lines + 1);
            if (read is ExportEnd end)
            {
                var whole = end.Lines == lines && end.Sha256 == Convert.ToHexStringLower(hash.GetCurrentHash());
                image.Complete();
                return whole ? image : throw new InvalidDataException($"It was changed since it was written: its checksum differs. {Remedy}");
            }

            image.Add(read, ++lines);
            hash.AppendData(line);
        }

        throw new InvalidDataException($"It ends after {lines} lines, before its end: it was cut short. {Remedy}");
    }

    /// <summary>Each with its line feed; a last line without one is left out, since it was cut.</summary>
    private static async IAsyncEnumerable<byte[]> LinesAsync(
        Stream from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var (buffer, line) = (new byte[64 * 1024], new List<byte>());
        while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            var rest = buffer.AsMemory(0, read);
            while (rest.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                line.AddRange(rest.Span[..(end + 1)]);
                yield return [.. line];
                line.Clear();
                rest = rest[(end + 1)..];
            }

            line.AddRange(rest.Span);
        }
    }
}
