namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>What the applications themselves know, or what the aggregator exports, of one server port: one value per counter and end.</summary>
/// <param name="ClientSent">Payload bytes the client's end sent and the server's application read to the end.</param>
internal sealed record Ends(
    decimal ClientSent, decimal ClientReceived, decimal ServerSent, decimal ServerReceived, decimal Opened, decimal Closed)
{
    public static Ends Exported(Scrape scrape, int serverPort)
    {
        decimal Sum(string name, string role) => scrape.Sum(name, ("server_port", $"{serverPort}"), ("role", role));
        return new Ends(
            Sum("caretta_link_sent_bytes_total", "1"),
            Sum("caretta_link_received_bytes_total", "1"),
            Sum("caretta_link_sent_bytes_total", "2"),
            Sum("caretta_link_received_bytes_total", "2"),
            Sum("caretta_link_connections_opened_total", "1"),
            Sum("caretta_link_connections_closed_total", "1"));
    }

    /// <summary>None of the values is higher.</summary>
    public bool IsNotAbove(Ends other) =>
        ClientSent <= other.ClientSent && ClientReceived <= other.ClientReceived && ServerSent <= other.ServerSent
        && ServerReceived <= other.ServerReceived && Opened <= other.Opened && Closed <= other.Closed;
}
