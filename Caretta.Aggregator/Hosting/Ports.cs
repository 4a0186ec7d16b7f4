using System.Net;
using System.Net.Sockets;

namespace Caretta.Aggregator.Hosting;

/// <summary>Asks for the ports before anything starts, so that the refusal can name the setting.</summary>
internal static class Ports
{
    /// <exception cref="StartRefusedException">One of them cannot be had.</exception>
    public static void Check(AggregatorOptions options)
    {
        Check(options, options.HttpPort, nameof(options.HttpPort));
        Check(options, options.IngressPort, nameof(options.IngressPort));
        Check(options, options.RemotePort, nameof(options.RemotePort));
    }

    private static void Check(AggregatorOptions options, int port, string setting)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(options.ListenAddress), port);
            listener.Start();
        }
        catch (SocketException taken)
        {
            throw new StartRefusedException(
                $"Cannot listen on {options.ListenAddress}:{port} ({taken.Message}). Stop what listens there, "
                + $"or set {AggregatorOptions.Section}:{setting} or {AggregatorOptions.Section}:{nameof(options.ListenAddress)}.");
        }
    }
}
