using System.Runtime.CompilerServices;

namespace Caretta.EndToEnd.Tests;

/// <summary>A theory about a real kernel.</summary>
public sealed class PrivilegedTheoryAttribute : TheoryAttribute
{
    public PrivilegedTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line) => Skip = Privileged.Missing;
}
