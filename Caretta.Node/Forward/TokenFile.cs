using Caretta.Messages.Tls;

namespace Caretta.Node.Forward;

/// <summary>A token that somebody renews in its file; read for each stream anew.</summary>
public sealed class TokenFile(string file)
{
    private const int LongestToken = 16 * 1024;

    /// <exception cref="UnusableFileException">There is none that could be sent; the message holds nothing of it.</exception>
    public string Read()
    {
        try
        {
            var token = new FileInfo(file).Length > LongestToken ? "" : File.ReadAllText(file).Trim();
            return token.Length > 0 && token.All(letter => letter is > ' ' and <= '~')
                ? token
                : throw new UnusableFileException($"'{file}' holds no token: one line of at most {LongestToken} printable characters.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UnusableFileException($"The token '{file}' cannot be read: {unreadable.Message} Mount a projected service account token there.", unreadable);
        }
    }
}
