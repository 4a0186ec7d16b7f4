using System.Runtime.CompilerServices;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>A theory about the images, run as a cluster runs them.</summary>
public sealed class ContainersTheoryAttribute : TheoryAttribute
{
    public ContainersTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line) => Skip = Containers.Missing;
}
