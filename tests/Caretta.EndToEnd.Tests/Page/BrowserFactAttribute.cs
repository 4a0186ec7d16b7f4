using System.Runtime.CompilerServices;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>A fact about the page in a real browser.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line) => Skip = Chromium.Missing;
}
