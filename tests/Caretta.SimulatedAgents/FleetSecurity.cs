using Caretta.Messages.Tls;
using Caretta.Node.Forward;

namespace Caretta.SimulatedAgents;

/// <summary>How a simulated agent proves its node's name, as a real one would: by a certificate with it.</summary>
internal static class FleetSecurity
{
    /// <exception cref="UnusableFileException">A file is missing or cannot be used.</exception>
    public static ChannelSecurity Of(FleetOptions options, int agent, ForwarderMetrics metrics)
    {
        if (options.CaFile.Length == 0)
        {
            return ChannelSecurity.Off;
        }

        var file = Path.Combine(options.CertificateFolder, options.NodeName(agent));
        return new ChannelSecurity(
            new Reloaded<Authorities>("authorities", [options.CaFile], files => Authorities.Parse(files[0])),
            new Reloaded<Identity>("certificate", [$"{file}.crt", $"{file}.key"], files => Identity.Parse(files[0], files[1], DateTimeOffset.UtcNow)),
            token: null,
            metrics,
            TimeProvider.System);
    }
}
