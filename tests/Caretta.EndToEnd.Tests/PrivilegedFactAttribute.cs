using System.Runtime.CompilerServices;

namespace Caretta.EndToEnd.Tests;

/// <summary>A fact about a real kernel.</summary>
public sealed class PrivilegedFactAttribute : FactAttribute
{
    public PrivilegedFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line) => Skip = Privileged.Missing;
}
