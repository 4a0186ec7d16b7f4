using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>Called with whole records only when the program writes whole records: the kernel never splits one over two reads.</summary>
internal delegate void IteratorOutput(ReadOnlySpan<byte> output);

/// <summary>A pinned iterator: opening and reading it runs its program over every element.</summary>
internal static class PinnedIterator
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="buffer">Where output goes, reused; at least one record long.</param>
    public static void Run(string path, byte[] buffer, IteratorOutput? output = null)
    {
        using var file = Libc.Open(path, Libc.ReadOnly | Libc.CloseOnExec);
        if (file.IsInvalid)
        {
            throw new LibbpfException($"open {path}", Marshal.GetLastPInvokeError());
        }

        var kept = 0;
        while (true)
        {
            var read = Libc.Read(file, buffer.AsSpan(kept), (nuint)(buffer.Length - kept));
            if (read == 0)
            {
                return;
            }

            if (read < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                // EAGAIN: a million elements without output; the kernel wants to be asked again.
                if (errno is Libc.TryAgain or Libc.Interrupted)
                {
                    continue;
                }

                throw new LibbpfException($"read {path}", errno);
            }

            output?.Invoke(buffer.AsSpan(0, (int)read));
        }
    }
}
