using System.Globalization;
using System.Text;
using Caretta.Messages;

namespace Caretta.Node.Ledger;

/// <summary>A ledger for people to read.</summary>
internal static class LedgerText
{
    public static string Of(LedgerContents ledger)
    {
        var identity = ledger.Identity;
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"node         {identity.NodeName}")
            .AppendLine(CultureInfo.InvariantCulture, $"incarnation  {identity.Incarnation:N}")
            .AppendLine(CultureInfo.InvariantCulture, $"last poll    {identity.LastPoll:u}")
            .AppendLine(CultureInfo.InvariantCulture, $"programs     {(identity.Detached ? "detached" : "attached when last seen")}")
            .AppendLine(CultureInfo.InvariantCulture, $"flows        {ledger.Flows.Count}")
            .AppendLine(CultureInfo.InvariantCulture, $"links        {ledger.Links.Count}")
            .AppendLine(CultureInfo.InvariantCulture, $"waiting      {ledger.Waiting.Count} rows, {ledger.Waiting.Sum(Bytes)} bytes without a name yet")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{"SENT",15} {"RECEIVED",15} {"OPENED",9} {"CLOSED",9} {"FAILED",9}  ROLE    LINK");
        foreach (var row in ledger.Links.OrderByDescending(row => row.Totals.SentBytes + row.Totals.ReceivedBytes))
        {
            var totals = row.Totals;
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{totals.SentBytes,15} {totals.ReceivedBytes,15} {totals.Opened,9} {totals.Closed,9} {totals.Failed,9}  {row.Link.Role.ToString().ToLowerInvariant(),-7} {Of(row.Link)}");
        }

        return text.ToString().TrimEnd();
    }

    private static decimal Bytes(LedgerContents.WaitRow row) => (decimal)row.Totals.SentBytes + row.Totals.ReceivedBytes;

    private static string Of(NetworkLink link) => $"{Of(link.Client)} → {Of(link.Server)}:{link.ServerPort}";

    private static string Of(Workload workload) => $"{workload.Namespace}/{workload.Kind}/{workload.Name}";
}
