using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Links with their totals, for people and for programs.</summary>
internal static class ListText
{
    private const string CsvHeader =
        "link_id,shard,client_namespace,client_kind,client_name,client_owner,server_namespace,server_kind,server_name,server_owner,server_port,role,"
        + "expired,of,node,incarnation,origin,sent_bytes,received_bytes,past_sent_bytes,past_received_bytes,opened,closed,failed,retransmitted_bytes,"
        + "rtt_microseconds,rtt_samples,lifetime_microseconds";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Table(IReadOnlyList<ListedLink> links, bool sources)
    {
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{"SENT",20} {"RECEIVED",20} {"OPENED",10} {"CLOSED",10} {"FAILED",10}  {"LINK ID",-20} ROLE    LINK");
        foreach (var link in links)
        {
            var expired = link.Expired ? "  (expired)" : "";
            Row(text, link.Sum, $"{link.Link.Id,-20} {ExportedShard.Text(link.Link.Role),-7} {Of(link.Link.Client)} → {Of(link.Link.Server)}:{link.Link.ServerPort}{expired}");
            foreach (var (what, totals) in sources ? Parts(link) : [])
            {
                Row(text, totals, $"  {what}");
            }
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>A row for each link (<c>of</c> is link), or with sources one for each of them and for what was retired.</summary>
    public static string Csv(IReadOnlyList<ListedLink> links, bool sources)
    {
        var text = new StringBuilder().AppendLine(CsvHeader);
        foreach (var link in links)
        {
            if (!sources)
            {
                Row(text, link, "link", null, link.Sum);
                continue;
            }

            foreach (var (by, totals) in link.Stored.Held)
            {
                Row(text, link, "source", by, totals);
            }

            if (link.Stored.Retired is { } retired)
            {
                Row(text, link, "retired", null, retired);
            }
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>64-bit numbers are texts: most readers of JSON take numbers for doubles.</summary>
    public static string ToJson(IReadOnlyList<ListedLink> links, bool sources) =>
        new JsonArray([.. links.Select(link => Object(link, sources))]).ToJsonString(Json);

    private static void Row(StringBuilder text, in LinkTotals totals, string what) => text.AppendLine(
        CultureInfo.InvariantCulture,
        $"{totals.SentBytes,20} {totals.ReceivedBytes,20} {totals.Opened,10} {totals.Closed,10} {totals.Failed,10}  {what}");

    private static void Row(StringBuilder text, ListedLink listed, string of, Contributor? by, in LinkTotals totals)
    {
        var link = listed.Link;
        string[] cells =
        [
            Number(link.Id), Number((ulong)LinkSharding.ShardOf(link, LinkSharding.DefaultShardCount)),
            link.Client.Namespace, link.Client.Kind, link.Client.Name, link.Client.Owner,
            link.Server.Namespace, link.Server.Kind, link.Server.Name, link.Server.Owner,
            Number(link.ServerPort), ExportedShard.Text(link.Role), listed.Expired ? "true" : "false", of,
            by?.Source.NodeName ?? "", by is { } known ? ExportedShard.Text(known.Source.Incarnation) : "", by is { Origin: > 0 } other ? Number(other.Origin) : "",
            .. Counters(totals).Select(counter => Number(counter.Value)),
        ];
        CsvText.Row(text, cells);
    }

    private static JsonObject Object(ListedLink listed, bool sources)
    {
        var link = listed.Link;
        var json = new JsonObject
        {
            ["linkId"] = Number(link.Id),
            ["shard"] = LinkSharding.ShardOf(link, LinkSharding.DefaultShardCount),
            ["client"] = Object(link.Client),
            ["server"] = Object(link.Server),
            ["serverPort"] = link.ServerPort,
            ["role"] = ExportedShard.Text(link.Role),
            ["expired"] = listed.Expired,
            ["totals"] = Object(listed.Sum),
        };
        if (sources)
        {
            json["sources"] = new JsonArray([.. listed.Stored.Held.Select(held => new JsonObject
            {
                ["node"] = held.Key.Source.NodeName,
                ["incarnation"] = ExportedShard.Text(held.Key.Source.Incarnation),
                ["origin"] = held.Key.Origin == 0 ? null : Number(held.Key.Origin),
                ["totals"] = Object(held.Value),
            })]);
            json["retired"] = listed.Stored.Retired is { } retired ? Object(retired) : null;
        }

        return json;
    }

    private static JsonObject Object(Workload workload) => new()
    {
        ["namespace"] = workload.Namespace,
        ["kind"] = workload.Kind,
        ["name"] = workload.Name,
        ["owner"] = workload.Owner,
    };

    private static JsonObject Object(in LinkTotals totals) =>
        new(Counters(totals).Select(counter => KeyValuePair.Create<string, JsonNode?>(counter.Name, Number(counter.Value))));

    private static IEnumerable<(string What, LinkTotals Totals)> Parts(ListedLink link)
    {
        foreach (var (by, totals) in link.Stored.Held)
        {
            var origin = by.Origin == 0 ? "" : $" for link {Number(by.Origin)}";
            yield return ($"{by.Source.NodeName} {ExportedShard.Text(by.Source.Incarnation)}{origin}", totals);
        }

        if (link.Stored.Retired is { } retired)
        {
            yield return ("sources that were retired", retired);
        }
    }

    private static (string Name, ulong Value)[] Counters(in LinkTotals totals) =>
    [
        ("sentBytes", totals.SentBytes), ("receivedBytes", totals.ReceivedBytes), ("pastSentBytes", totals.PastSentBytes),
        ("pastReceivedBytes", totals.PastReceivedBytes), ("opened", totals.Opened), ("closed", totals.Closed), ("failed", totals.Failed),
        ("retransmittedBytes", totals.RetransmittedBytes), ("rttMicroseconds", totals.RttMicroseconds), ("rttSamples", totals.RttSamples),
        ("lifetimeMicroseconds", totals.LifetimeMicroseconds),
    ];

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Of(Workload workload) => $"{workload.Namespace}/{workload.Kind}/{workload.Name}";
}
