using Caretta.Benchmarks.Kernel;

namespace Caretta.Benchmarks;

/// <summary>
/// Open connections with both ends on this machine, in processes and network namespaces of their own. Each end is a connection to the
/// agent, as on a host that has one end of each, and belongs to a link of its own.
/// </summary>
internal sealed class HeldConnections : IDisposable
{
    private const int FirstPort = 2000;

    /// <summary>A process may open 20,000 files on the strictest machines we know.</summary>
    private const int MostPerProcess = 8_000;

    private readonly List<LoadGenerator> _holders = [];

    /// <param name="ends">Ends of connections: two for each.</param>
    /// <param name="links">Two, client's and server's, for each server port.</param>
    /// <param name="eachFromAnotherAddress">No two connections share a flow.</param>
    public HeldConnections(string folder, int ends, int links, bool eachFromAnotherAddress)
    {
        var (connections, servers) = (ends / 2, links / 2);
        var processes = (connections + MostPerProcess - 1) / MostPerProcess;
        for (var process = 0; process < processes; process++)
        {
            var (held, ports, firstPort) = (Share(connections, process, processes), Share(servers, process, processes), FirstPort + servers * process / processes);
            var holder = new LoadGenerator(folder);
            _holders.Add(holder);
            holder.Ask($"hold {held} {ports} {firstPort} {(eachFromAnotherAddress ? held : 1)}");
        }
    }

    /// <summary>Moves a byte there and back on every <paramref name="whole"/>-th connection.</summary>
    public void Touch(int part, int whole) => _holders.ForEach(holder => holder.Ask($"touch {part} {whole}"));

    public void Dispose() => _holders.ForEach(holder => holder.Dispose());

    private static int Share(int total, int part, int parts) => total * (part + 1) / parts - total * part / parts;
}
