using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Caretta.Node.Kernel;

/// <summary>One agent a host: the pin folder is locked as long as this lives. The kernel lets go when the process ends, however it ends.</summary>
internal sealed class PinFolderLock : IDisposable
{
    private readonly SafeFileHandle _folder;

    /// <exception cref="PinFolderInUseException">Another process holds it.</exception>
    public PinFolderLock(string pinFolder)
    {
        Directory.CreateDirectory(pinFolder);
        _folder = Libc.Open(pinFolder, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec);
        if (_folder.IsInvalid)
        {
            throw new LibbpfException($"open {pinFolder}", Marshal.GetLastPInvokeError());
        }

        if (Libc.Flock(_folder, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
        {
            _folder.Dispose();
            throw new PinFolderInUseException(pinFolder);
        }
    }

    public void Dispose() => _folder.Dispose();
}
