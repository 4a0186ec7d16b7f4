using System.Runtime.CompilerServices;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Compiles variants of the programs; see bpf/Makefile.</summary>
internal static class BpfObjects
{
    /// <summary>Of this run alone: an earlier one may have had the same process number, and another version of the programs.</summary>
    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("caretta-bpf-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    /// <param name="variables">Variables of the Makefile, as <c>MUTANT=NO_CAS</c>.</param>
    /// <returns>The object's path.</returns>
    public static string Build(params string[] variables)
    {
        var name = string.Join('-', variables).Replace('=', '-');
        var output = Path.Combine(Folder.Value, $"{name}.o");
        if (!File.Exists(output))
        {
            Command.Run("make", ["-s", "-C", BpfFolder(), $"OUTPUT={output}", .. variables]);
        }

        return output;
    }

    private static string BpfFolder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "bpf"));
}
