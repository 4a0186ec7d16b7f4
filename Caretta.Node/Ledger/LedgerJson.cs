using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Caretta.Messages;

namespace Caretta.Node.Ledger;

/// <summary>A ledger for programs to read. 64-bit numbers are texts: most readers of JSON take numbers for doubles.</summary>
internal static class LedgerJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(LedgerContents ledger)
    {
        var identity = ledger.Identity;
        return new JsonObject
        {
            ["node"] = identity.NodeName,
            ["incarnation"] = identity.Incarnation.ToString("N"),
            ["bootId"] = identity.BootId,
            ["tableId"] = identity.TableId.ToString("N"),
            ["sequence"] = Number(identity.Sequence),
            ["lastPoll"] = identity.LastPoll.ToString("O", CultureInfo.InvariantCulture),
            ["detached"] = identity.Detached,
            ["adopting"] = identity.AdoptBornUntilNs == 0 ? null : identity.AdoptReason.ToString(),
            ["flows"] = ledger.Flows.Count,
            ["carriedSockets"] = ledger.Carried.Count,
            ["links"] = new JsonArray([.. ledger.Links.Select(Of)]),
            ["waiting"] = new JsonArray([.. ledger.Waiting.OrderBy(row => row.FirstNs).Select(Of)]),
        }.ToJsonString(Options);
    }

    private static JsonObject Of(LedgerContents.LinkRow row) => new()
    {
        ["linkId"] = Number(row.Link.Id),
        ["client"] = Of(row.Link.Client),
        ["server"] = Of(row.Link.Server),
        ["serverPort"] = row.Link.ServerPort,
        ["role"] = Of(row.Link.Role),
        ["sequence"] = Number(row.Sequence),
        ["totals"] = Of(row.Totals),
    };

    private static JsonObject Of(LedgerContents.WaitRow row) => new()
    {
        ["localPod"] = row.Ends.LocalPod == Guid.Empty ? null : row.Ends.LocalPod.ToString(),
        ["localIsNode"] = row.Ends.LocalIsNode,
        ["local"] = row.Ends.Local.ToString(),
        ["remote"] = row.Ends.Remote.ToString(),
        ["serverPort"] = row.Ends.ServerPort,
        ["role"] = Of(row.Ends.Role),
        ["seconds"] = (row.LastNs - row.FirstNs) / 1_000_000_000,
        ["totals"] = Of(row.Totals),
    };

    private static JsonObject Of(Workload workload) => new()
    {
        ["namespace"] = workload.Namespace,
        ["kind"] = workload.Kind,
        ["name"] = workload.Name,
        ["owner"] = workload.Owner,
    };

    private static JsonObject Of(in LinkTotals totals) => new()
    {
        ["sentBytes"] = Number(totals.SentBytes),
        ["receivedBytes"] = Number(totals.ReceivedBytes),
        ["pastSentBytes"] = Number(totals.PastSentBytes),
        ["pastReceivedBytes"] = Number(totals.PastReceivedBytes),
        ["opened"] = Number(totals.Opened),
        ["closed"] = Number(totals.Closed),
        ["failed"] = Number(totals.Failed),
        ["retransmittedBytes"] = Number(totals.RetransmittedBytes),
        ["rttMicroseconds"] = Number(totals.RttMicroseconds),
        ["rttSamples"] = Number(totals.RttSamples),
        ["lifetimeMicroseconds"] = Number(totals.LifetimeMicroseconds),
    };

    private static string Of(Role role) => role == Role.Client ? "client" : "server";

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
