using System.IO.Compression;
using System.Security.Cryptography;

namespace Caretta.Aggregator.Ui;

/// <summary>One file of the page, from this program itself; compressed once, when somebody wants it.</summary>
internal sealed class UiFile(string path, byte[] content)
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".json"] = "application/json",
        [".webmanifest"] = "application/manifest+json",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private readonly Lazy<byte[]> _brotli = new(() => Compress(content, to => new BrotliStream(to, CompressionLevel.Optimal)));
    private readonly Lazy<byte[]> _gzip = new(() => Compress(content, to => new GZipStream(to, CompressionLevel.Optimal)));

    /// <summary>As asked for: /index.html.</summary>
    public string Path => path;

    public byte[] Content => content;

    public byte[] Brotli => _brotli.Value;

    public byte[] Gzip => _gzip.Value;

    public string Tag { get; } = $"\"{Convert.ToHexString(SHA256.HashData(content).AsSpan(0, 16))}\"";

    public string Type => Types.GetValueOrDefault(System.IO.Path.GetExtension(path), "application/octet-stream");

    public bool IsText => Type.StartsWith("text/", StringComparison.Ordinal) || Type.Contains("json", StringComparison.Ordinal) || Type.Contains("xml", StringComparison.Ordinal);

    /// <summary>Built files whose name holds a hash of their content never change.</summary>
    public bool NeverChanges => path.StartsWith("/assets/", StringComparison.Ordinal);

    private static byte[] Compress(byte[] content, Func<Stream, Stream> compressor)
    {
        using var compressed = new MemoryStream();
        using (var stream = compressor(compressed))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }
}
