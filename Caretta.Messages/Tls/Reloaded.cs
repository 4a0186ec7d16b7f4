using System.Security.Cryptography;
using System.Text;

namespace Caretta.Messages.Tls;

/// <summary>
/// A value made of files, and made again when their content changes. By content, not by time stamps: Kubernetes swaps a symbolic link, and a
/// file may be written in two steps. What cannot be used is not taken over.
/// </summary>
public sealed class Reloaded<T> : IReloaded
    where T : class
{
    private const int LargestFile = 1024 * 1024;

    private readonly string _what;
    private readonly IReadOnlyList<string> _files;
    private readonly Func<IReadOnlyList<FileText>, T> _parse;
    private readonly Lock _looking = new();
    private string _taken;
    private string? _refused;
    private volatile T _current;

    /// <param name="what">For <see cref="IReloadLog"/>.</param>
    /// <param name="parse">Gets the texts in the order of the files.</param>
    /// <exception cref="UnusableFileException">They cannot be used at the start; then there is nothing to fall back on.</exception>
    public Reloaded(string what, IReadOnlyList<string> files, Func<IReadOnlyList<FileText>, T> parse)
    {
        (_what, _files, _parse) = (what, files, parse);
        var texts = Read();
        _taken = Fingerprint(texts);
        _current = parse(texts);
    }

    public T Current => _current;

    /// <summary>Goes up with every change taken over.</summary>
    public int Version { get; private set; }

    /// <summary>One look at a time: a slow one must not take over what the next has taken over meanwhile.</summary>
    public void Reload(IReloadLog log)
    {
        lock (_looking)
        {
            Look(log);
        }
    }

    private void Look(IReloadLog log)
    {
        var content = "";
        try
        {
            var texts = Read();
            content = Fingerprint(texts);
            if (content != _taken)
            {
                _current = _parse(texts); // tried again each time: what is not valid yet will be
                _taken = content;
                Version++;
                log.Reloaded(_what);
            }

            _refused = null;
        }
        catch (UnusableFileException unusable)
        {
            if (_refused != content)
            {
                _refused = content;
                log.Kept(_what, unusable.Message);
            }
        }
    }

    private static string Fingerprint(IEnumerable<FileText> texts) =>
        string.Join(' ', texts.Select(text => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.Text)))));

    private List<FileText> Read() => [.. _files.Select(Read)];

    private static FileText Read(string file)
    {
        try
        {
            var length = new FileInfo(file).Length;
            return length <= LargestFile
                ? new FileText(file, File.ReadAllText(file))
                : throw new UnusableFileException($"'{file}' has {length} bytes; {LargestFile} are the most. Is it the right file?");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UnusableFileException($"'{file}' cannot be read: {unreadable.Message} Put it there, readable to this process's user.", unreadable);
        }
    }
}
