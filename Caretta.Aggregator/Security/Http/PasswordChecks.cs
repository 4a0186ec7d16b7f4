using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Caretta.Aggregator.Security.Http;

/// <summary>
/// Checks passwords one at a time, since each check is slow on purpose and strangers may ask for many, and remembers those that were right: a
/// scrape every few seconds pays once.
/// </summary>
internal sealed class PasswordChecks : IDisposable
{
    private const int MostRemembered = 256;
    private static readonly TimeSpan TurnWithin = TimeSpan.FromSeconds(2);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, bool> _right = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <returns>Null: too many wait.</returns>
    public async Task<bool?> IsRightAsync(HttpPasswords passwords, string user, string password, CancellationToken cancellation)
    {
        var fingerprint = Fingerprint(passwords.HashOf(user), user, password);
        if (_right.ContainsKey(fingerprint))
        {
            return true;
        }

        if (!await _turn.WaitAsync(TurnWithin, cancellation))
        {
            return null;
        }

        try
        {
            var right = passwords.Contain(user, password);
            if (right && _right.Count < MostRemembered)
            {
                _right[fingerprint] = true;
            }

            return right;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Keyed anew in each process, and of no use without the key. With the hash in it a changed password is another one.</summary>
    private string Fingerprint(string hash, string user, string password) =>
        Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{hash}\0{user}\0{password}")));
}
