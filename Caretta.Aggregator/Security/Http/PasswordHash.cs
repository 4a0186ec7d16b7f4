using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Caretta.Aggregator.Security.Http;

/// <summary>A password's PBKDF2 hash in the text form of Python's passlib: <c>$pbkdf2-sha256$600000$salt$hash</c>.</summary>
internal sealed class PasswordHash
{
    private const string Scheme = "pbkdf2-sha256";
    private const int Iterations = 600_000;
    private const int FewestIterations = 10_000;
    private const int MostIterations = 5_000_000;
    private const int Length = 32;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) => (_iterations, _salt, _hash) = (iterations, salt, hash);

    public static PasswordHash Of(string password, int iterations = Iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations));
    }

    /// <exception cref="FormatException">It is not of this form; the message holds nothing of it.</exception>
    public static PasswordHash Parse(string text)
    {
        if (text.Split('$') is ["", Scheme, var rounds, var salt, var hash]
            && int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            && iterations is >= FewestIterations and <= MostIterations
            && Bytes(salt) is { Length: >= 8 } saltBytes
            && Bytes(hash) is { Length: Length } hashBytes)
        {
            return new PasswordHash(iterations, saltBytes, hashBytes);
        }

        throw new FormatException(
            $"a password's hash is ${Scheme}$ITERATIONS$SALT$HASH with {FewestIterations} to {MostIterations} iterations; caretta-aggregator hash-password makes one");
    }

    public bool IsOf(string password) => CryptographicOperations.FixedTimeEquals(_hash, Derive(password, _salt, _iterations));

    public override string ToString() => $"${Scheme}${_iterations.ToString(CultureInfo.InvariantCulture)}${Text(_salt)}${Text(_hash)}";

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, Length);

    /// <summary>passlib's base 64: a dot for the plus, and no padding.</summary>
    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '.');

    private static byte[]? Bytes(string text)
    {
        try
        {
            return Convert.FromBase64String(text.Replace('.', '+') + new string('=', (4 - text.Length % 4) % 4));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
