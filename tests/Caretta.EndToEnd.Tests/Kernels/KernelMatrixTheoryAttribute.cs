using System.Runtime.CompilerServices;
using Caretta.TestServers.Machines;

namespace Caretta.EndToEnd.Tests.Kernels;

/// <summary>Boots other kernels; <c>make test-kernels</c> boots them all, <c>.ci/run</c> two.</summary>
public sealed class KernelMatrixTheoryAttribute : TheoryAttribute
{
    public KernelMatrixTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (KernelMatrix.Folder is null)
        {
            Skip = "Needs what .ci/kernels fetches: make test-kernels.";
        }
    }
}
