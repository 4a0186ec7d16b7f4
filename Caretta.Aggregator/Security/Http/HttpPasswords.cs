using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Security.Http;

/// <summary>The users that may ask, with their passwords' hashes.</summary>
internal sealed class HttpPasswords
{
    private const int Most = 1000;

    private readonly IReadOnlyDictionary<string, PasswordHash> _users;

    /// <summary>For users there are not: who tries names must not tell from the time it takes which ones there are.</summary>
    private readonly PasswordHash _nobodys;

    private HttpPasswords(IReadOnlyDictionary<string, PasswordHash> users) => (_users, _nobodys) = (users, PasswordHash.Of(Guid.NewGuid().ToString()));

    /// <exception cref="UnusableFileException">There is none, or a line is wrong.</exception>
    public static HttpPasswords Parse(FileText file)
    {
        var users = new Dictionary<string, PasswordHash>(StringComparer.Ordinal);
        foreach (var line in FileLines.Of(file))
        {
            var (name, hash) = Split(file, line, users.Count + 1);
            if (!users.TryAdd(name, hash))
            {
                throw new UnusableFileException($"'{file.File}' names user '{name}' twice. Remove one of the lines.");
            }
        }

        return users.Count is > 0 and <= Most ? new HttpPasswords(users)
            : throw new UnusableFileException($"'{file.File}' must hold 1 to {Most} users, NAME:HASH a line. caretta-aggregator hash-password NAME makes one.");
    }

    /// <summary>Slow on purpose.</summary>
    public bool Contain(string user, string password)
    {
        var known = _users.TryGetValue(user, out var hash);
        return (hash ?? _nobodys).IsOf(password) & known;
    }

    /// <summary>What the user's password is checked against, for remembering that it was right.</summary>
    public string HashOf(string user) => (_users.GetValueOrDefault(user) ?? _nobodys).ToString();

    private static (string Name, PasswordHash Hash) Split(FileText file, string line, int number)
    {
        try
        {
            return line.Split(':', 2) is [{ Length: > 0 } name, var hash]
                ? (name, PasswordHash.Parse(hash))
                : throw new FormatException("a line is NAME:HASH");
        }
        catch (FormatException wrong)
        {
            throw new UnusableFileException($"Entry {number} of '{file.File}' cannot be used: {wrong.Message}.", wrong);
        }
    }
}
