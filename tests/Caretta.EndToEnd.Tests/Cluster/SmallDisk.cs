using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>A file system of a few megabytes, in a file, mounted as a loop device.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _image;

    public SmallDisk(string folder)
    {
        (_image, Folder) = ($"{folder}.img", folder);
        Directory.CreateDirectory(folder);
        Command.Run("truncate", "--size=24M", _image);
        Command.Run("mkfs.ext4", "-q", "-m", "0", _image);
        Command.Run("mount", "-o", "loop", _image, folder);
    }

    public string Folder { get; }

    private string Filler => System.IO.Path.Combine(Folder, "filler");

    /// <summary>To the last block.</summary>
    public void Fill() => Command.Try("sh", "-c", $"cat /dev/zero > {Filler}");

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        Command.Try("umount", Folder);
        File.Delete(_image);
    }
}
