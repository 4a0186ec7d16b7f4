using System.Globalization;
using System.Text;
using Caretta.Messages;
using Caretta.Node.Names;

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
            .AppendLine(CultureInfo.InvariantCulture, $"boot         {(identity.BootId.Length > 0 ? identity.BootId : "nothing was counted yet")}")
            .AppendLine(CultureInfo.InvariantCulture, $"table        {identity.TableId:N}{Adopting(identity)}")
            .AppendLine(CultureInfo.InvariantCulture, $"sequence     {identity.Sequence} (an aggregator that acknowledged it holds everything)")
            .AppendLine(CultureInfo.InvariantCulture, $"sockets      {ledger.Carried.Count} carried over a detach")
            .AppendLine(CultureInfo.InvariantCulture, $"flows        {ledger.Flows.Count}")
            .AppendLine(CultureInfo.InvariantCulture, $"links        {ledger.Links.Count}")
            .AppendLine(CultureInfo.InvariantCulture, $"waiting      {ledger.Waiting.Count} rows, {ledger.Waiting.Sum(Bytes)} bytes without a name yet")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{"SENT",15} {"RECEIVED",15} {"OPENED",9} {"CLOSED",9} {"FAILED",9} {"SEQUENCE",9}  ROLE    LINK");
        foreach (var row in ledger.Links.OrderByDescending(row => row.Totals.SentBytes + row.Totals.ReceivedBytes))
        {
            var totals = row.Totals;
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{totals.SentBytes,15} {totals.ReceivedBytes,15} {totals.Opened,9} {totals.Closed,9} {totals.Failed,9} {row.Sequence,9}  {row.Link.Role.ToString().ToLowerInvariant(),-7} {Of(row.Link)}");
        }

        AddWaiting(text, ledger.Waiting);
        return text.ToString().TrimEnd();
    }

    /// <summary>Bytes whose ends nobody has named yet, the oldest first.</summary>
    private static void AddWaiting(StringBuilder text, IReadOnlyList<LedgerContents.WaitRow> waiting)
    {
        if (waiting.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{"SENT",15} {"RECEIVED",15} {"SECONDS",9}  ROLE    WAITS FOR THE NAMES OF");
        foreach (var row in waiting.OrderBy(row => row.FirstNs))
        {
            var (ends, seconds) = (row.Ends, (row.LastNs - row.FirstNs) / 1_000_000_000);
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{row.Totals.SentBytes,15} {row.Totals.ReceivedBytes,15} {seconds,9}  {ends.Role.ToString().ToLowerInvariant(),-7} {Local(ends)} and {ends.Remote}, port {ends.ServerPort}");
        }
    }

    private static string Local(LinkEnds ends) =>
        ends.LocalPod != Guid.Empty ? $"pod {ends.LocalPod}" : ends.LocalIsNode ? "this node" : ends.Local.ToString();

    private static string Adopting(LedgerIdentity identity) =>
        identity.AdoptBornUntilNs == 0 ? "" : $" (flows without a row are taken over as they are: {identity.AdoptReason})";

    private static decimal Bytes(LedgerContents.WaitRow row) => (decimal)row.Totals.SentBytes + row.Totals.ReceivedBytes;

    private static string Of(NetworkLink link) => $"{Of(link.Client)} → {Of(link.Server)}:{link.ServerPort}";

    private static string Of(Workload workload) => $"{workload.Namespace}/{workload.Kind}/{workload.Name}";
}
