using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Caretta.Aggregator.Security;

/// <summary>What was lately said of which token; of the token itself only a hash is kept.</summary>
internal sealed class TokenMemory(TimeProvider time)
{
    public const int Most = 10_000;

    private static readonly TimeSpan Good = TimeSpan.FromSeconds(60);

    /// <summary>Shorter: an operator who mends what was wrong should not wait for it.</summary>
    private static readonly TimeSpan Bad = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (TokenVerdict Verdict, DateTimeOffset Until)> _verdicts = new(StringComparer.Ordinal);

    public TokenVerdict? Find(string token) =>
        _verdicts.TryGetValue(Hash(token), out var known) && known.Until > time.GetUtcNow() ? known.Verdict : null;

    public void Remember(string token, TokenVerdict verdict)
    {
        var now = time.GetUtcNow();
        if (_verdicts.Count >= Most)
        {
            foreach (var (hash, known) in _verdicts)
            {
                if (known.Until <= now)
                {
                    _verdicts.TryRemove(hash, out _);
                }
            }
        }

        if (_verdicts.Count < Most)
        {
            _verdicts[Hash(token)] = (verdict, now + (verdict.Reason is null ? Good : Bad));
        }
    }

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
