using System.Net;
using System.Net.Sockets;

namespace Caretta.Node;

/// <summary>Asks for the port before anything is attached, so that the refusal can name the setting.</summary>
internal static class Port
{
    /// <exception cref="BadStartException">It cannot be had.</exception>
    public static void Check(NodeOptions options)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(options.ListenAddress), options.HttpPort);
            listener.Start();
        }
        catch (SocketException taken)
        {
            throw new BadStartException(
                $"Cannot listen on {options.ListenAddress}:{options.HttpPort} ({taken.Message}).",
                $"Stop what listens there, or set {NodeOptions.Section}:{nameof(options.HttpPort)} or {NodeOptions.Section}:{nameof(options.ListenAddress)}.",
                taken);
        }
    }
}
