using System.Globalization;
using System.Text;

namespace Caretta.TestServers.Machines;

/// <summary>An archive as the kernel unpacks it into its first root ("newc"). Archives can be put one behind the other.</summary>
public sealed class CpioArchive(Stream output)
{
    private const int FileType = 0x8000;
    private const int FolderType = 0x4000;
    private const int LinkType = 0xa000;
    private const int Executable = 0x1ed; // rwxr-xr-x
    private const int Alignment = 4;

    private readonly HashSet<string> _folders = [];
    private int _inode;

    public void AddText(string path, string text) => AddFile(path, Encoding.ASCII.GetBytes(text));

    public void AddFile(string path, ReadOnlySpan<byte> contents)
    {
        AddFolderOf(path);
        Entry(path, FileType | Executable, contents);
    }

    public void AddLink(string path, string target)
    {
        AddFolderOf(path);
        Entry(path, LinkType | Executable, Encoding.ASCII.GetBytes(target));
    }

    public void AddFolder(string path)
    {
        AddFolderOf(path);
        if (_folders.Add(path))
        {
            Entry(path, FolderType | Executable, []);
        }
    }

    /// <summary>All that is in a folder of the host, under a path of the archive.</summary>
    public void AddTree(string folder, string under)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            var path = under.Length == 0 ? entry.Name : $"{under}/{entry.Name}";
            if (entry.LinkTarget is { } target)
            {
                AddLink(path, target);
            }
            else if (entry is DirectoryInfo)
            {
                AddFolder(path);
                AddTree(entry.FullName, path);
            }
            else
            {
                AddFile(path, File.ReadAllBytes(entry.FullName));
            }
        }
    }

    public void End() => Entry("TRAILER!!!", 0, []);

    private void AddFolderOf(string path)
    {
        if (path.LastIndexOf('/') is > 0 and var slash)
        {
            AddFolder(path[..slash]);
        }
    }

    private void Entry(string path, int mode, ReadOnlySpan<byte> contents)
    {
        var name = Encoding.ASCII.GetBytes(path + "\0");
        int[] fields = [++_inode, mode, 0, 0, 1, 0, contents.Length, 0, 0, 0, 0, name.Length, 0];
        var header = "070701" + string.Concat(fields.Select(field => field.ToString("x8", CultureInfo.InvariantCulture)));
        output.Write(Encoding.ASCII.GetBytes(header));
        output.Write(name);
        Pad(header.Length + name.Length);
        output.Write(contents);
        Pad(contents.Length);
    }

    private void Pad(int length) => output.Write(new byte[(Alignment - (length % Alignment)) % Alignment]);
}
