using System.Runtime.InteropServices;
using System.Text;

namespace Caretta.Node.Kernel;

/// <summary>Keeps what libbpf says while it is listened to, so that an error can carry it: the verifier's verdict is only there.</summary>
internal sealed partial class LibbpfLog : IDisposable
{
    private const int Warning = 0;
    private const int MaxLine = 1 << 20; // the verifier's whole log is one line, and its verdict the last words of it
    private const int KeptCharacters = 8000;

    private readonly StringBuilder _lines = new();
    private readonly Libbpf.PrintFunction _print; // libbpf holds the pointer: keep the delegate alive

    public LibbpfLog()
    {
        _print = Print;
        Libbpf.SetPrint(_print);
    }

    /// <summary>The last part of what was said.</summary>
    public override string ToString() =>
        _lines.Length > KeptCharacters ? _lines.ToString(_lines.Length - KeptCharacters, KeptCharacters) : _lines.ToString();

    public void Dispose() => Libbpf.SetPrint(null);

    [LibraryImport("libc", EntryPoint = "vsnprintf")]
    private static partial int Format(Span<byte> line, nuint size, nint format, nint arguments);

    private int Print(int level, nint format, nint arguments)
    {
        if (level != Warning)
        {
            return 0;
        }

        var line = new byte[MaxLine];
        var length = Format(line, MaxLine, format, arguments);
        _lines.Append(Encoding.UTF8.GetString(line, 0, Math.Clamp(length, 0, MaxLine - 1)));
        return 0;
    }
}
