using System.Runtime.CompilerServices;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>A fact about the images, run as a cluster runs them.</summary>
public sealed class ContainersFactAttribute : FactAttribute
{
    public ContainersFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line) => Skip = Containers.Missing;
}
