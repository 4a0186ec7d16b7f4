using System.Security.Cryptography;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Lines with their count and checksum at the end, by which a file cut short is known.</summary>
internal sealed class ExportWriter(Stream to) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _lines;

    public async Task WriteAsync(IEnumerable<ExportLine> lines, CancellationToken cancel)
    {
        foreach (var line in lines)
        {
            await WriteAsync(ExportFormat.Write(line), cancel);
            _lines++;
        }
    }

    public async Task EndAsync(CancellationToken cancel)
    {
        await WriteAsync(ExportFormat.Write(new ExportEnd(_lines, Convert.ToHexStringLower(_hash.GetCurrentHash()))), cancel);
        await to.FlushAsync(cancel);
    }

    public void Dispose() => _hash.Dispose();

    private async Task WriteAsync(byte[] line, CancellationToken cancel)
    {
        byte[] whole = [.. line, (byte)'\n'];
        _hash.AppendData(whole);
        await to.WriteAsync(whole, cancel);
    }
}
