using System.Globalization;
using System.Text;
using Caretta.Aggregator.Map.Answers;

namespace Caretta.Aggregator.Cli;

/// <summary>Links as lines.</summary>
internal static class LinksText
{
    private static readonly string[] Header =
    [
        "link_id", "role", "client_namespace", "client_kind", "client_name", "client_owner", "server_namespace", "server_kind", "server_name", "server_owner",
        "server_port", "sent_bytes", "received_bytes", "sent_rate", "received_rate", "opened", "closed", "failed", "active", "retransmitted_bytes", "rtt_ms",
        "first_seen", "last_seen",
    ];

    public static string ToCsv(IEnumerable<LinkItem> links)
    {
        var text = CsvText.Row(new StringBuilder(), Header);
        foreach (var link in links)
        {
            CsvText.Row(
                text,
                [
                    link.Id, link.Role, .. Cells(link.Client), .. Cells(link.Server), Number(link.Port), Number(link.SentBytes), Number(link.ReceivedBytes),
                    Number(link.SentRate), Number(link.ReceivedRate), Number(link.Opened), Number(link.Closed), Number(link.Failed), Number(link.Active),
                    Number(link.RetransmittedBytes), link.RttMs is { } rtt ? Number(rtt) : "", Time(link.FirstSeen), Time(link.LastSeen),
                ]);
        }

        return text.ToString();
    }

    public static string ToTable(IEnumerable<LinkItem> links)
    {
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{"SENT/S",10} {"RECEIVED/S",10} {"SENT",10} {"RECEIVED",10} {"OPEN",6} {"FAILED",7} ROLE    LINK");
        foreach (var link in links)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{ByteText.Rate(link.SentRate),10} {ByteText.Rate(link.ReceivedRate),10} {ByteText.Of(link.SentBytes),10} {ByteText.Of(link.ReceivedBytes),10} "
                + $"{link.Active,6} {link.Failed,7} {CleanText.Of(link.Role),-7} {Of(link.Client)} → {Of(link.Server)}:{link.Port}");
        }

        return text.ToString().TrimEnd();
    }

    private static string[] Cells(WorkloadName workload) => [workload.Namespace, workload.Kind, workload.Name, workload.Owner];

    private static string Of(WorkloadName workload) => CleanText.Of($"{workload.Namespace}/{workload.Kind}/{workload.Name}");

    private static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture) ?? "";
}
