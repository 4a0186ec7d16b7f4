using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Caretta.Node.Kernel;

/// <summary>One agent a host: the pin folder is locked as long as this lives. The kernel lets go when the process ends, however it ends.</summary>
internal sealed class PinFolderLock : IDisposable
{
    private readonly SafeFileHandle _folder;

    /// <exception cref="PinFolderInUseException">Another process holds it.</exception>
    /// <exception cref="LibbpfException">It cannot be opened.</exception>
    public PinFolderLock(string pinFolder)
    {
        do
        {
            _folder?.Dispose();
            _folder = Lock(pinFolder);
        }
        while (Libc.InodeOf(pinFolder) != Libc.InodeOf(_folder)); // it was removed before we had the lock: that one holds off nobody
    }

    public void Dispose()
    {
        if (_folder.IsClosed)
        {
            return;
        }

        // By name, not only by closing: a child process that is just being started holds a copy of the descriptor until it runs.
        _ = Libc.Flock(_folder, Libc.Unlock);
        _folder.Dispose();
    }

    private static SafeFileHandle Lock(string pinFolder)
    {
        Directory.CreateDirectory(pinFolder);
        var folder = Libc.Open(pinFolder, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec);
        if (folder.IsInvalid)
        {
            throw new LibbpfException($"open {pinFolder}", Marshal.GetLastPInvokeError());
        }

        if (Libc.Flock(folder, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
        {
            folder.Dispose();
            throw new PinFolderInUseException(pinFolder);
        }

        return folder;
    }
}
