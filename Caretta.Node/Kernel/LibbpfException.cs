using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>The kernel or libbpf refused a call. The message names what was tried and why it failed.</summary>
public sealed class LibbpfException : Exception
{
    public LibbpfException(string action, int errno)
        : this($"Could not {action}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", errno, null)
    {
    }

    private LibbpfException(string message, int errno, Exception? inner)
        : base(message, inner) => Errno = errno;

    public int Errno { get; }

    /// <param name="result">0 or more for success, -errno otherwise.</param>
    public static int ThrowIfError(int result, string action) =>
        result < 0 ? throw new LibbpfException(action, -result) : result;

    /// <summary>The same with what libbpf and the verifier had to say about it.</summary>
    public LibbpfException With(string log) => log.Length == 0 ? this : new LibbpfException($"{Message}\n{log.TrimEnd()}", Errno, this);
}
