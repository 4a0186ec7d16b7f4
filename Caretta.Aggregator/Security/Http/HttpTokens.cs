using System.Security.Cryptography;
using System.Text;
using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security.Http;

/// <summary>The bearer tokens that may ask, as hashes.</summary>
internal sealed class HttpTokens
{
    private const int Most = 100;
    private const int Shortest = 16;

    private readonly IReadOnlyList<byte[]> _hashes;

    private HttpTokens(IReadOnlyList<byte[]> hashes) => _hashes = hashes;

    /// <exception cref="UnusableFileException">There is none, or one could be guessed.</exception>
    public static HttpTokens Parse(FileText file)
    {
        var tokens = FileLines.Of(file);
        if (tokens.Count is 0 or > Most || tokens.Any(token => token.Length < Shortest))
        {
            throw new UnusableFileException(
                $"'{file.File}' must hold 1 to {Most} tokens, one a line, each of at least {Shortest} characters. openssl rand -hex 32 makes one.");
        }

        return new HttpTokens([.. tokens.Select(Hash)]);
    }

    /// <summary>Takes as long for one as for another: all are compared, whole.</summary>
    public bool Contain(string token)
    {
        var hash = Hash(token);
        return _hashes.Aggregate(false, (found, known) => CryptographicOperations.FixedTimeEquals(known, hash) | found);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
