using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>The kernel or libbpf refused a call. The message names what was tried and why it failed.</summary>
public sealed class LibbpfException : Exception
{
    public LibbpfException(string action, int errno)
        : base($"{action}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})") => Errno = errno;

    public int Errno { get; }

    /// <param name="result">0 or more for success, -errno otherwise.</param>
    public static int ThrowIfError(int result, string action) =>
        result < 0 ? throw new LibbpfException(action, -result) : result;
}
