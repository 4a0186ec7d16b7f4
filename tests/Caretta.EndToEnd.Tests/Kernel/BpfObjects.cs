using System.Runtime.CompilerServices;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Compiles variants of the programs; see bpf/Makefile.</summary>
internal static class BpfObjects
{
    /// <param name="variable">A variable of the Makefile, as <c>MUTANT=NO_CAS</c>.</param>
    /// <returns>The object's path, of this test process.</returns>
    public static string Build(string variable)
    {
        var output = Path.Combine(Path.GetTempPath(), $"caretta-{Environment.ProcessId}-{variable.Replace('=', '-')}.o");
        if (!File.Exists(output))
        {
            Command.Run("make", "-s", "-C", BpfFolder(), $"OUTPUT={output}", variable);
        }

        return output;
    }

    private static string BpfFolder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "bpf"));
}
