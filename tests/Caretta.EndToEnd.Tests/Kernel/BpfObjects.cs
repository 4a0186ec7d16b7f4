using System.Runtime.CompilerServices;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Compiles variants of the programs; see bpf/Makefile.</summary>
internal static class BpfObjects
{
    /// <param name="variables">Variables of the Makefile, as <c>MUTANT=NO_CAS</c>.</param>
    /// <returns>The object's path, of this test process.</returns>
    public static string Build(params string[] variables)
    {
        var name = string.Join('-', variables).Replace('=', '-');
        var output = Path.Combine(Path.GetTempPath(), $"caretta-{Environment.ProcessId}-{name}.o");
        if (!File.Exists(output))
        {
            Command.Run("make", ["-s", "-C", BpfFolder(), $"OUTPUT={output}", .. variables]);
        }

        return output;
    }

    private static string BpfFolder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "bpf"));
}
