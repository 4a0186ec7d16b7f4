using Caretta.TestServers.Machines;

namespace Caretta.EndToEnd.Tests.Kernels;

/// <summary>A kernel of the matrix, and what is done on it.</summary>
/// <param name="Paths">How connections are counted.</param>
/// <param name="Agents">What is done with the whole agent, for busybox's shell.</param>
/// <param name="KilledPaths">The paths of agents that are killed meanwhile.</param>
internal sealed record TestedKernel(GuestArchitecture Architecture, string[] Paths, string Agents, string[] KilledPaths)
{
    private const string Every = "short short-v6 failed churn older detached evicted namespace";
    private const string WithIterators = " live live-sender killed baseline names";
    private const string WithTable = " full forgotten";

    public string Script => string.Concat(
        [.. Paths.Select(path => $"/guest/kernel-guest {path} {Scenarios(path)}\n"), Agents, .. KilledPaths.Select(path => $"/guest/kernel-guest killed {path}\n")]);

    /// <summary>Of a path, in their order.</summary>
    public static string Scenarios(string path) => Every + (path == "Plain" ? "" : WithIterators) + (path == "Tracing" ? "" : WithTable);
}
